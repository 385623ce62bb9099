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
  /** The parameters' names of a callback, in order. */
  readonly parameters: readonly string[]
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
      const own = property && checker.getNonNullableType(checker.getTypeOfSymbol(property))
      const [call] = own && row === 'a function' ? own.getCallSignatures() : []
      return {
        name: option,
        row,
        text: oneLine(text),
        parameters: call?.parameters.map(parameter => parameter.name) ?? [],
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
function kindOf({ name, row, parameters }: OptionDoc): string {
  if (typeof row === 'string') return parameters.length > 0 ? `a function of \`${parameters.join(', ')}\`` : row
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

Every option of clients, downlinks, hosts and lanes: what it may be, its default, and what it does. Nearly all have a default that suits most applications: begin with none.
The page is made from the tables that options are checked by and from the docstrings that an editor shows: \`npm run docs:options\` writes it.

[What to set when](#what-to-set-when) · [Clients](#new-swimclient--) · [Downlinks](#downlinks) · [The embedded host](#new-warphost--) · [Its lanes](#lanes-of-a-host)

- **What must be given.** A downlink needs a host, a node and a lane: from its own options, or host and node from the client or a scope. A \`demandLane\` needs \`onCue\`, a \`demandMapLane\` needs \`onCue\` and \`onSync\`. All others are optional.
- **Mistakes.** An option that does not exist, or a value that is not allowed, throws a \`ConfigError\`. Its message says what is allowed, or which name you may have meant. A client checks its options in its constructor, a downlink in \`open()\`.
- **Times** end in \`Ms\` and are in milliseconds. 0 means at once, and not for ever: with \`connectTimeoutMs: 0\` no socket ever opens. Only \`heartbeatMs: 0\` and \`relinkAfterMs: 0\` switch something off.
  \`Infinity\` is allowed, and so is any long time, but timers take 24 days at most, and a longer time is cut to that. Only \`writeTimeoutMs: Infinity\` is for ever.
- **Callbacks** are listed with the names of what they are called with, in order. The order in which they come is in [PROTOCOL.md](PROTOCOL.md#callbacks).

## What to set when

Values to begin with; measure your own network.

| Your case | Set |
|---|---|
| A slow network, such as a mobile one | \`connectTimeoutMs\`, \`requestTimeoutMs\` and \`heartbeatTimeoutMs\` to 30000, so that what is slow does not count as lost. \`echoTimeoutMs\` to three times the slowest round trip: each own write that is not answered in this time costs a sync of its whole lane. \`closeTimeoutMs\` to 10000 |
| A network that comes and goes | Nothing: the client reconnects by itself, and writes wait. For writes that must outlive the page, \`cache\` and \`holdPage\`. For a client that writes much offline, \`maxQueuedWrites\`: what waits beyond it throws |
| Some lanes matter more than others | Of the downlinks: \`prio: 1\` for those that matter, \`prio: -1\` for the others. SwimOS Java and \`swimlink/host\` heed it, for what they send; what the client sends has no order of its own by it. Open lanes that are seldom looked at when they are needed |
| Very many clients of one host | A higher \`reconnectMaxMs\`, and \`reconnectJitter\` as it is, so that they do not come back together |
| SwimOS Rust, whose agents stop after 30 s of silence | \`heartbeatMs\` below 15000, as it is |
| SwimOS Java, whose agents may stop without a word | \`relinkAfterMs\`, for maps that are read and seldom written |
| A lane of several kinds of values, or of values that others write | \`valueSchema\`, and \`keySchema\` |
| Code that might change values in place | \`freezeValues: true\` while developing |
| Several tabs | \`webSocket: sharedSocket(…)\`: [TABS.md](TABS.md) |
| Tests | \`clock\`, or [swimlink/testing](TESTING.md), which brings one |

## \`new SwimClient({ … })\`

${tableOf(docs.SwimClient)}

## Downlinks

Each option is also a step of the builder, \`client.downlinkMap().relinks(false)\`.

${shared(docs, 'Of all kinds', downlinks)}

## \`new WarpHost({ … })\`

${tableOf(docs.WarpHost)}

## Lanes of a host

Given as the second argument: \`node.mapLane('cart', { … })\`.

${shared(docs, 'Of all kinds', lanes)}
`
}
