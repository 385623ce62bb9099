// `npm run prove`: histories until the time is over, or one of them is wrong.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { judge, type Judged } from './checker/judge.js'
import { print, shrink } from './checker/shrink.js'
import { proveHosts } from './hosts.js'
import { liars } from './liars.js'
import { bundle } from './processes.js'
import { playRound, type Laid } from './round.js'

export interface ProveOptions {
  readonly host: string
  readonly seed: number
  readonly minutes: number
  /** Instead of `minutes`. */
  readonly rounds?: number
  readonly clients: number
  /** How long the clients of a round act. */
  readonly seconds: number
  readonly lie?: string
  /** Whether the files of a history that is wrong stay. @default true */
  readonly keepFiles?: boolean
  readonly say: (text: string) => void
}

export interface ProveResult {
  readonly rounds: number
  readonly silent: number
  readonly judged: Judged
  readonly laid: Laid
  /** The histories that are wrong, as a person reads them. */
  readonly wrong: readonly string[]
}

/** Plays and judges rounds; ends with the first that is wrong. */
export async function prove(options: ProveOptions): Promise<ProveResult> {
  const host = proveHosts[options.host]
  if (host === undefined) throw new Error(`--host must be one of ${Object.keys(proveHosts).join(', ')}`)
  const { seed, clients, seconds, lie, keepFiles = true, say } = options
  const program = await bundle('client')
  const until = performance.now() + options.minutes * 60_000
  const totals = { judged: {} as Record<keyof Judged, number>, laid: {} as Record<string, number> }
  let rounds = 0
  let silent = 0
  const wrong: string[] = []
  for (; options.rounds === undefined ? performance.now() < until : rounds < options.rounds; rounds++) {
    const folder = mkdtempSync(join(tmpdir(), 'swimlink-prove-'))
    const { lines, laid, isSilent } = await playRound({
      ...{ host, seed: seed + rounds, clients, seconds, folder, program },
      ...(lie === undefined ? {} : { lie }),
    })
    const { faults, judged } = judge(lines, host.source)
    add(totals.judged, judged)
    add(totals.laid, laid)
    if (isSilent) silent++
    if (faults.length > 0) {
      const fault = faults[0]!
      wrong.push(
        [
          `${faults.length} faults; the first: ${fault.kind}, by ${fault.by}, ${fault.key ?? 'of the whole map'}: ${fault.text}`,
          print(shrink(lines, fault, host.source)),
          ...(keepFiles ? [`the whole history: ${folder}`] : []),
          `again: npm run prove -- --host ${options.host} --seed ${seed + rounds} --rounds 1 --clients ${clients} --seconds ${seconds}`,
        ].join('\n'),
      )
    }
    const isKept = keepFiles && (faults.length > 0 || isSilent)
    if (!isKept) rmSync(folder, { recursive: true, force: true })
    if (faults.length > 0) {
      rounds++
      break
    }
    say(
      `round ${rounds + 1}, seed ${seed + rounds}: ${lines.length} lines, nothing wrong${isSilent ? `, a silent lane: ${folder}` : ''}`,
    )
  }
  return { rounds, silent, judged: totals.judged, laid: totals.laid, wrong }
}

const add = (to: Record<string, number>, more: object): void => {
  for (const [name, count] of Object.entries(more) as [string, number][]) to[name] = (to[name] ?? 0) + count
}

/** The command line. Resolves with the code to exit with. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      host: { type: 'string', default: 'embedded' },
      seed: { type: 'string' },
      minutes: { type: 'string', default: '1' },
      rounds: { type: 'string' },
      clients: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '15' },
      lie: { type: 'string' },
    },
  })
  const { host, lie } = values
  if (lie !== undefined && liars[lie] === undefined) {
    console.error(`--lie must be one of: ${Object.keys(liars).join(', ')}`)
    return 2
  }
  const missing = await proveHosts[host]?.missing()
  if (missing !== undefined) {
    console.log(`${proveHosts[host]!.name}: not run: ${missing}`)
    return 0
  }
  const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed)
  const started = performance.now()
  console.log(`prove: ${host}, seed ${seed}, ${values.clients} clients`)
  const result = await prove({
    ...{
      host,
      seed,
      minutes: Number(values.minutes),
      clients: Number(values.clients),
      seconds: Number(values.seconds),
    },
    ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
    ...(lie === undefined ? {} : { lie }),
    say: text => console.log(text),
  })
  const list = (counts: object) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
  console.log(`${result.rounds} rounds, seed ${seed}, ${Math.round((performance.now() - started) / 1000)} s`)
  console.log(`judged: ${list(result.judged)}`)
  console.log(`laid: ${list(result.laid)}`)
  if (result.silent > 0) console.log(`${result.silent} rounds ended with a lane that answers nobody`)
  for (const text of result.wrong) console.error(text)
  return result.wrong.length > 0 ? 1 : 0
}
