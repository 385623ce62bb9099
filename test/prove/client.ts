// One client of a history: reads and writes one map at random, and notes all of it. Its first argument says who it is. It ends with
// its standard input, where it is told what to do, a word a line: `rest` (write no more), `look` (say what you show), `quiet` (note
// what you show), `end`.
import { createInterface } from 'node:readline'
import { SwimClient, type SwimClientOptions, type SwimError, type WriteOutcome } from '../../src/index.js'
import { liars } from './liars.js'
import type { Entries, Note, WriteOp } from './lines.js'
import { chanceOf } from '../../src/testing/random.js'
import { notesFor } from './record.js'

/** What a client is told of itself. */
export interface ClientPlan {
  readonly by: string
  readonly hostUri: string
  readonly node: string
  readonly laneUri: string
  readonly file: string
  readonly seed: number
  readonly keys: readonly string[]
  /** Keys that this client may remove. */
  readonly removes: readonly string[]
  readonly clears: boolean
  readonly writes: boolean
  /** The longest wait between two acts, in milliseconds. */
  readonly maxPauseMs: number
  readonly options: Omit<SwimClientOptions, 'hostUri'>
  /** A fault that is laid into what it notes: see liars.ts. */
  readonly lie?: string
}

/** What it says when it is told to look. */
export interface Look {
  readonly entries: Entries
  readonly synced: boolean
  readonly unsettled: number
}

const plan = JSON.parse(process.argv[2]!) as ClientPlan
const random = chanceOf(plan.seed)
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
const record = notesFor(plan.by, plan.file)
const lie = plan.lie === undefined ? undefined : liars[plan.lie]!(chanceOf(plan.seed + 1))
const note = (given: Note, t?: number): void => {
  for (const each of lie?.(given) ?? [given]) record(each, t)
}

note({ e: 'start' })
const failed = (error: SwimError) => note({ e: 'failed', code: error.code, text: String(error.message).slice(0, 160) })
const client: SwimClient<{ hostUri: string }> = new SwimClient({
  ...plan.options,
  hostUri: plan.hostUri,
  onError: failed,
  writeTimeoutMs: Infinity,
})
const map = client
  .downlinkMap<string, string>()
  .nodeUri(plan.node)
  .laneUri(plan.laneUri)
  .didUpdate((key, v, old) => note({ e: 'update', key, v, old }))
  .didRemove((key, old) => note({ e: 'gone', key, old }))
  .didChange(changes =>
    note({
      e: 'batch',
      changes: changes.map(change => ({ key: change.key, v: change.type === 'update' ? change.value : undefined })),
    }),
  )
  .didSync(() => note({ e: 'synced' }))
  .didChangeStatus(({ state }) => note({ e: 'status', is: state }))
  .didFail(failed)
  .open()

let count = 0
let unsettled = 0
let isAtRest = !plan.writes

function write(op: WriteOp, key: string | undefined, act: (id: string) => unknown): void {
  const id = `${plan.by}-${++count}`
  note({ e: 'write', op, id, key })
  const made = act(id)
  if (!(made instanceof Promise)) return
  unsettled++
  ;(made as Promise<WriteOutcome>).then(
    outcome => {
      unsettled--
      note({ e: 'end', id, outcome })
    },
    (error: SwimError) => {
      unsettled--
      note({
        e: 'end',
        id,
        error: error.code,
        ...(error.code === 'closed' && error.discarded ? { discarded: true } : {}),
      })
    },
  )
}

function discard(key: string): void {
  if (map.pendingState(key) !== 'waiting') return
  note({ e: 'discard', key })
  map.discard(key)
}

function act(): void {
  const key = pick(plan.keys)
  const die = random()
  if (die < 0.3) note({ e: 'read', key, v: map.get(key) })
  else if (die < 0.36) note({ e: 'map', entries: [...map] })
  else if (isAtRest) return
  else if (die < 0.37) discard(key)
  else if (die < 0.42) write('put', key, id => map.put(key, id, { unlessChanged: true }))
  else if (die < 0.8) write('put', key, id => map.put(key, id))
  else if (die < 0.85) write('set', key, id => void map.set(key, id))
  else if (die < 0.995) {
    // A SwimOS Rust lane falls silent when it is to remove what is not there.
    const mine = plan.removes.filter(each => map.has(each))
    if (mine.length === 0) return
    const gone = pick(mine)
    if (random() < 0.8) write('remove', gone, () => map.remove(gone))
    else write('delete', gone, () => void map.delete(gone))
  } else if (plan.clears) write('clear', undefined, () => map.clear())
}

function live(): void {
  for (let n = random() < 0.1 ? 6 : 1; n > 0; n--) act()
  setTimeout(live, random() * plan.maxPauseMs)
}
live()

const look = (): Look => ({ entries: [...map], synced: map.synced, unsettled })

createInterface({ input: process.stdin })
  .on('line', word => {
    if (word === 'rest') isAtRest = true
    else if (word === 'look') console.log(JSON.stringify(look()))
    else if (word === 'quiet') {
      note({ e: 'quiet', ...look() })
      console.log('noted')
    } else if (word === 'end') process.exit(0)
  })
  .once('close', () => process.exit(0))
