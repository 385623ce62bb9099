// Floor 9. `swimlink host`: runs an embedded host, described by flags or a small file.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command } from 'commander'
import type { HostNode, WarpHost, WarpHostOptions } from 'swimlink/host'
import type { Value } from 'swimlink/recon'
import { misuse } from '../fault.js'
import { count } from '../options.js'
import { colors, print } from '../output.js'
import { fieldsOf } from '../values.js'

const about = `Serves lanes in memory, until Ctrl-C: for trying clients out, for demos and tests.
The lanes come from flags, or from FILE. A JSON file says what there is:
  { "port": 9001, "nodes": { "/hotel/:id": {
      "elevators": { "kind": "map", "entries": { "guest": { "floor": 4 } } },
      "info": { "kind": "value", "value": "open" }, "doors": { "kind": "command" } } } }
A module (.mjs, .js) exports a function define(host), which is given the WarpHost.`

const kinds = ['map', 'value', 'command', 'supply'] as const
type LaneKind = (typeof kinds)[number]

/** How a file describes a lane. */
interface Lane {
  readonly kind: LaneKind
  readonly entries?: { readonly [key: string]: Value } | readonly (readonly [Value, Value])[]
  readonly value?: Value
}

type Lanes = { [laneUri: string]: Lane }

interface Described {
  readonly port?: number
  readonly hostname?: string
  readonly nodes: { readonly [pattern: string]: { readonly [laneUri: string]: Lane } }
}

interface Options extends Partial<{ readonly [K in LaneKind]: readonly string[] }> {
  readonly port?: number
  readonly hostname?: string
  readonly files?: string
  readonly store?: string
}

export const hostCommand = (): Command => {
  const command = new Command('host')
    .summary('serve lanes from a file or flags')
    .description(about)
    .argument('[file]', 'what to serve')
    .option('-p, --port <port>', 'the port (default: one that is free)', count())
    .option('--hostname <name>', 'where to listen; 0.0.0.0 is reached from other machines (default: 127.0.0.1)')
  for (const kind of kinds)
    command.option(`--${kind} <lane...>`, `a ${kind} lane, as /hotel/:id#elevators; may be repeated`)
  return command
    .option('--files <folder>', 'a folder of files to serve over HTTP')
    .option('--store <folder>', 'keep maps and values there; needs the package classic-level')
    .action(serve)
}

async function serve(file: string | undefined, options: Options): Promise<void> {
  const flags = described(options)
  if (file === undefined && Object.keys(flags.nodes).length === 0)
    throw misuse("there is nothing to serve: give a FILE, or lanes such as --map '/hotel/:id#elevators'")
  // Loaded for this command only: the host is as large as all other code together.
  const { levelStore, WarpHost } = await import('swimlink/host')
  const isModule = file !== undefined && /\.[cm]?[jt]s$/.test(file)
  const read = file === undefined || isModule ? undefined : await readDescription(file)
  const host = new WarpHost({
    ...given('port', options.port ?? read?.port),
    ...given('hostname', options.hostname ?? read?.hostname),
    ...given('files', options.files),
    ...(options.store === undefined ? {} : { store: levelStore(options.store) }),
  } satisfies WarpHostOptions)
  // A node from the store has its stored state. The file's state is for new nodes.
  let isNew = false
  for (const { nodes } of read === undefined ? [flags] : [read, flags]) define(host, nodes, () => isNew)
  if (isModule) await defineBy(host, file)
  const { uri, uris } = await host.listen()
  isNew = true
  await print([uri, ...uris.filter(each => each !== uri)])
  const first = Object.entries((read ?? flags).nodes)[0]
  if (first !== undefined) {
    const [pattern, lanes] = first
    const node = pattern.replace(/:(\w+)/g, '$1')
    process.stderr.write(colors.dim(`look at it: swimlink link ${uri} ${node} ${Object.keys(lanes)[0]}\n`))
  }
  return new Promise(() => {})
}

const given = <K extends string, T>(name: K, value: T | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [P in K]?: T }

/** What the flags describe: `/hotel/:id#elevators` is a node and a lane. */
function described(options: Options): Described {
  const nodes: { [pattern: string]: Lanes } = {}
  for (const kind of kinds) {
    for (const address of options[kind] ?? []) {
      const [, pattern, laneUri] = /^(\/.*)#([^#]+)$/.exec(address) ?? []
      if (pattern === undefined)
        throw misuse(`--${kind} ${address} has no node and lane: give it as /hotel/:id#elevators`)
      ;(nodes[pattern] ??= Object.create(null) as Lanes)[laneUri!] = { kind }
    }
  }
  return { nodes }
}

async function readDescription(file: string): Promise<Described> {
  const text = await readFile(file, 'utf8')
  let read: Value
  try {
    read = JSON.parse(text) as Value
  } catch (error) {
    throw misuse(`${file} is not JSON (${(error as Error).message}); see swimlink host --help for its form`)
  }
  const { nodes } = fieldsOf(read) ?? {}
  for (const [pattern, lanes] of Object.entries(fieldsOf(nodes) ?? {})) {
    for (const [laneUri, lane] of Object.entries(fieldsOf(lanes) ?? {})) {
      const { kind } = fieldsOf(lane) ?? {}
      if (!kinds.includes(kind as LaneKind))
        throw misuse(
          `${file}: the lane ${laneUri} of ${pattern} has the kind ${String(kind)}; give one of ${kinds.join(', ')}`,
        )
    }
  }
  if (fieldsOf(nodes) === undefined) throw misuse(`${file} has no "nodes"; see swimlink host --help for its form`)
  return read as unknown as Described
}

async function defineBy(host: WarpHost, file: string): Promise<void> {
  const module = (await import(pathToFileURL(resolve(file)).href)) as { define?: (host: WarpHost) => unknown }
  if (typeof module.define !== 'function') throw misuse(`${file} exports no function define(host)`)
  await module.define(host)
}

function define(host: WarpHost, nodes: Described['nodes'], isNew: () => boolean): void {
  for (const [pattern, lanes] of Object.entries(nodes)) {
    host.node(pattern, node => {
      for (const [laneUri, lane] of Object.entries(lanes)) declare(node, laneUri, lane, isNew())
    })
  }
}

function declare(node: HostNode, laneUri: string, { kind, entries = [], value }: Lane, isNew: boolean): void {
  switch (kind) {
    case 'map': {
      const lane = node.mapLane(laneUri)
      const all = Array.isArray(entries) ? (entries as [Value, Value][]) : Object.entries(entries)
      if (isNew) for (const [key, value] of all) lane.set(key, value)
      return
    }
    case 'value':
      node.valueLane(laneUri, value === undefined ? {} : { initial: value })
      return
    case 'command':
      node.commandLane(laneUri)
      return
    case 'supply':
      node.supplyLane(laneUri)
  }
}
