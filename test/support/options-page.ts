// docs/OPTIONS.md, made from the tables that options are checked by and from the docstrings that an editor shows:
// `npm run docs:options` writes it, and a test holds it to this.
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import type { Row } from '../../src/base/options.js'
import { kinds } from '../../src/client/kinds.js'
import { listKind } from '../../src/downlink/list/list-kind.js'
import { clientOptions } from '../../src/client/options.js'
import { laneOptions } from '../../src/host/lanes/options.js'
import { hostOptions } from '../../src/host/options.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface OptionDoc {
  readonly name: string
  readonly row: Row
  /** Its docstring, as one line; '' where it has none. */
  readonly text: string
  /** What `@default` says. */
  readonly fallback: string | undefined
}

/** By what takes options: its table, and the interface that has the docstrings. */
export const takers = {
  SwimClient: [clientOptions, 'client', 'SwimClientOptions'],
  WarpHost: [hostOptions, 'host', 'WarpHostOptions'],
  downlinkMap: [kinds.downlinkMap.options, 'client', 'MapDownlinkOptions'],
  downlinkValue: [kinds.downlinkValue.options, 'client', 'ValueDownlinkOptions'],
  downlinkEvent: [kinds.downlinkEvent.options, 'client', 'EventDownlinkOptions'],
  downlinkList: [listKind.options, 'client', 'ListDownlinkOptions'],
  mapLane: [laneOptions.map, 'host', 'MapLaneOptions'],
  valueLane: [laneOptions.value, 'host', 'ValueLaneOptions'],
  commandLane: [laneOptions.command, 'host', 'CommandLaneOptions'],
  supplyLane: [laneOptions.supply, 'host', 'LaneOptions'],
  demandLane: [laneOptions.demand, 'host', 'DemandLaneOptions'],
  demandMapLane: [laneOptions.demandMap, 'host', 'DemandMapLaneOptions'],
  listLane: [laneOptions.list, 'host', 'ListLaneOptions'],
  joinValueLane: [laneOptions.joinValue, 'host', 'JoinLaneOptions'],
  joinMapLane: [laneOptions.joinMap, 'host', 'JoinMapLaneOptions'],
} as const
export type Taker = keyof typeof takers

/** The options of all that takes some, each with what is said of it. */
export function optionDocs(): Record<Taker, readonly OptionDoc[]> {
  const entries = { client: `${root}src/index.ts`, host: `${root}src/host/index.ts` }
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, path => ts.sys.readFile(path)) as { config: object }
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root)
  const program = ts.createProgram(Object.values(entries), options)
  const checker = program.getTypeChecker()
  const propertiesOf = (entry: keyof typeof entries, name: string) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entries[entry])!)!
    const symbol = checker.getExportsOfModule(module).find(each => each.name === name)!
    return checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(symbol))
  }
  const docs = Object.entries(takers).map(([taker, [table, entry, name]]) => {
    const type = propertiesOf(entry, name)
    const found = Object.entries<Row>(table).map(([option, row]): OptionDoc => {
      const property = checker.getPropertyOfType(type, option)
      const tags = property?.getJsDocTags(checker) ?? []
      const text = ts.displayPartsToString(property?.getDocumentationComment(checker))
      return {
        name: option,
        row,
        text: oneLine(text),
        fallback: tags.filter(tag => tag.name === 'default').map(tag => oneLine(ts.displayPartsToString(tag.text)))[0],
      }
    })
    return [taker, found] as const
  })
  return Object.fromEntries(docs) as unknown as Record<Taker, readonly OptionDoc[]>
}

const oneLine = (text: string) =>
  text
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim()

/** What may be given, in words. */
function kindOf({ name, row }: OptionDoc): string {
  if (typeof row === 'string') return row
  const [fallback, least = 0, most = name.endsWith('Ms') ? undefined : Infinity] = row as readonly [
    number,
    number?,
    number?,
  ]
  if (typeof fallback !== 'number') return row.map(each => `\`${literal(each)}\``).join(' or ')
  if (most === Infinity)
    return name.endsWith('Ms') ? `a number from ${least}, or \`Infinity\`` : `a number from ${least}`
  return most === undefined ? `a number from ${least}` : `a number from ${least} to ${most}`
}

const literal = (value: unknown) => (typeof value === 'string' ? `'${value}'` : String(value))
const defaultOf = ({ row, fallback = '' }: OptionDoc) => (typeof row === 'string' ? fallback : `\`${literal(row[0])}\``)

const cell = (text: string) => text.replaceAll('|', '\\|')
const rowOf = (option: OptionDoc) =>
  `| \`${option.name}\` | ${[kindOf(option), defaultOf(option), option.text].map(cell).join(' | ')} |`
const tableOf = (options: readonly OptionDoc[]) =>
  ['| Option | What it may be | Default | |', '|---|---|---|---|', ...options.map(rowOf)].join('\n')

const sameIn = (others: readonly (readonly OptionDoc[])[]) => (option: OptionDoc) =>
  others.every(other => other.some(each => rowOf(each) === rowOf(option)))

/** A table for what all of some takers have, and one for what each has of its own. */
function shared(docs: Record<Taker, readonly OptionDoc[]>, all: string, names: readonly Taker[]): string {
  const lists = names.map(name => docs[name])
  const isCommon = sameIn(lists)
  const parts = names.map((name, i) => {
    const own = lists[i]!.filter(option => !isCommon(option))
    return `### \`${name}\`\n\n${own.length > 0 ? tableOf(own) : 'No others.'}`
  })
  return [`### ${all}`, tableOf(lists[0]!.filter(isCommon)), ...parts].join('\n\n')
}

/** The page. */
export function optionsPage(): string {
  const docs = optionDocs()
  const downlinks = ['downlinkMap', 'downlinkValue', 'downlinkEvent', 'downlinkList'] as const
  const lanes = (Object.keys(takers) as Taker[]).filter(name => name.endsWith('Lane'))
  return `# Options

All options, made from the tables that they are checked by and from the docstrings that an editor shows; \`npm run docs:options\` writes this page. All are optional but \`onCue\` and \`onSync\`. An option that
does not exist, or a value that is not allowed, is a \`ConfigError\` that says what is; times that are longer than timers take, 24 days, are cut to that.

## \`new SwimClient({ … })\`

${tableOf(docs.SwimClient)}

## Downlinks

Each is also a step of the builder, \`client.downlinkMap().relinks(false)\`. They are checked by \`open()\`.

${shared(docs, 'Of all kinds', downlinks)}

## \`new WarpHost({ … })\`

${tableOf(docs.WarpHost)}

## Lanes of a host

Given as the second argument: \`node.mapLane('cart', { … })\`.

${shared(docs, 'Of all kinds', lanes)}
`
}
