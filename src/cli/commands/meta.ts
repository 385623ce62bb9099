// Floor 9. `swimlink nodes` and `swimlink lanes`: lists the nodes of a host, or the lanes of a node.
import { Command, Option } from 'commander'
import type { MapDownlink, Meta } from 'swimlink'
import type { Value } from 'swimlink/recon'
import { printing, reaching, type Printed } from '../options.js'
import { isTerminal, print } from '../output.js'
import { Session } from '../session.js'
import { ofMap } from './get.js'

interface Options extends Printed {
  readonly server: 'java' | 'rust'
  readonly keys?: boolean
  readonly count?: boolean
}

const needs = `A SwimOS Java host needs swim.meta.MetaKernel.
An embedded host with authentication needs canReadMeta.`

const asking = (command: Command): Command =>
  printing(reaching(command.argument('<host>', 'the host, as warp://HOST:PORT')), 'table, json in a pipe')
    .addOption(
      new Option('--server <kind>', 'how the host names what it says of itself: java (also the embedded host) or rust')
        .choices(['java', 'rust'])
        .default('java'),
    )
    .option('--keys', 'the URIs alone')
    .option('--count', 'how many there are')

export const nodesCommand = (): Command =>
  asking(
    new Command('nodes').summary('print which nodes a host has').description(`Prints the nodes of a host.\n${needs}`),
  ).action((hostUri: string, options: Options) => ask(hostUri, options, meta => meta.nodes()))

export const lanesCommand = (): Command =>
  asking(
    new Command('lanes')
      .summary('print which lanes a node has, and their kinds')
      .description(`Prints the lanes of a node, and their kinds.\n${needs}`),
  )
    .argument('<node>', 'the node, as /hotel/lobby')
    .action((hostUri: string, nodeUri: string, options: Options) => ask(hostUri, options, meta => meta.lanes(nodeUri)))

async function ask(hostUri: string, options: Options, of: (meta: Meta) => MapDownlink<string, object>): Promise<void> {
  await using session = new Session(hostUri, options)
  const map = of(session.client.meta(hostUri, { server: options.server }))
  await session.reach(map.whenSynced({ timeoutMs: session.timeoutMs }))
  const entries = [...map] as [Value, Value][]
  await print(ofMap(entries, options.format ?? (isTerminal() ? 'table' : 'json'), options))
}
