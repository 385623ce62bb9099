// Floor 9. Commands that change lanes: `put`, `remove`, `clear`, `drop`, `take`. Each waits until the lane has decided.
import { text as readAll } from 'node:stream/consumers'
import { Command } from 'commander'
import type { WriteOutcome } from 'swimlink'
import type { Value } from 'swimlink/recon'
import { Fault, misuse } from '../fault.js'
import { holdsNothing } from '../lane.js'
import { aboutLane, count, typing, type Reach, type Typed } from '../options.js'
import { print } from '../output.js'
import { Session } from '../session.js'
import { read, show } from '../values.js'

type At = [hostUri: string, nodeUri: string, laneUri: string]

/** Opens a session with the lane's builders, for as long as `work` takes. */
async function at(
  [hostUri, nodeUri, laneUri]: At,
  options: Reach,
  work: (session: Session, lane: ReturnType<Session['lane']>) => Promise<void>,
): Promise<void> {
  await using session = new Session(hostUri, options)
  await work(session, session.lane({ hostUri, nodeUri, laneUri }))
}

/** Prints the outcome of a write. */
async function say(outcome: WriteOutcome, now: () => Value): Promise<void> {
  if (outcome === 'refused') throw new Fault('the lane refused the write, and keeps its state')
  await print([outcome === 'taken' ? 'taken' : `superseded: the lane holds ${show(now()) || 'nothing'}`])
}

const sent = 'sent: the lane keeps nothing of it, as a command lane; use swimlink command for such a lane'

const putAbout = `Puts an entry into a map lane, or, without KEY, sets a value lane. Waits until the lane has it, and
prints taken, or superseded if the lane holds something else by then. A VALUE of - is read from the
standard input. A lane of the other kind is left as it is. For a command lane,
which keeps nothing, it prints sent. A list lane is refused.`

export const putCommand = (): Command =>
  typing(aboutLane(new Command('put').summary('put an entry, or set a value').description(putAbout)))
    .usage('[options] <host> <node> <lane> [key] <value>')
    .argument('[key]', 'the key of the entry; leave it out for a value lane')
    .argument('[value]', 'the value to write')
    .action(put)

async function put(
  ...[hostUri, nodeUri, laneUri, first, second, options]: [...At, string | undefined, string | undefined, Typed]
): Promise<void> {
  // The parser would report KEY as missing, although KEY may be left out.
  if (first === undefined) throw misuse("missing required argument 'value'; see swimlink put --help")
  const [keyText, valueText] = second === undefined ? [undefined, first] : [first, second]
  const given = read(valueText === '-' ? await readAll(process.stdin) : valueText, options.json, 'VALUE')
  await at([hostUri, nodeUri, laneUri], options, async (session, lane) => {
    const { timeoutMs } = session
    const address = { hostUri, nodeUri, laneUri }
    if (keyText === undefined) {
      const downlink = lane.downlinkValue().open()
      await session.reach(downlink.whenSynced({ timeoutMs }))
      const wasEmpty = downlink.get() === undefined
      const outcome = await session.reach(downlink.put(given, { timeoutMs }))
      if (wasEmpty && downlink.get() !== undefined && (await holdsNothing(address, options, 'value')))
        return await print([sent])
      return await say(outcome, () => downlink.get())
    }
    const key = read(keyText, options.json, 'KEY')
    const map = lane.downlinkMap({ emptyValues: 'keep' }).open()
    await session.reach(map.whenSynced({ timeoutMs }))
    const wasEmpty = map.size === 0
    const outcome = await session.reach(map.put(key, given, { timeoutMs }))
    if (wasEmpty && map.size > 0 && (await holdsNothing(address, options, 'map'))) return await print([sent])
    await say(outcome, () => map.get(key))
  })
}

const removeAbout = `Removes entries from a map lane, and waits until they are gone. A key that is not there is no fault.`

export const removeCommand = (): Command =>
  typing(aboutLane(new Command('remove').summary('remove entries of a map').description(removeAbout)))
    .argument('<key...>', 'the keys')
    .action(async (hostUri: string, nodeUri: string, laneUri: string, keys: string[], options: Typed) =>
      at([hostUri, nodeUri, laneUri], options, async (session, lane) => {
        const given = keys.map(key => read(key, options.json, 'KEY'))
        const map = lane.downlinkMap({ emptyValues: 'keep' }).open()
        const { timeoutMs } = session
        await session.reach(map.whenSynced({ timeoutMs }))
        for (const key of given) {
          if (map.has(key)) await say(await session.reach(map.remove(key, { timeoutMs })), () => map.get(key))
          else await print(['not there'])
        }
      }),
    )

/** A command that changes a whole map lane. */
const whole = (name: string, summary: string, description: string): Command =>
  aboutLane(new Command(name).summary(summary).description(description))

/** @param left how many entries should be left, given how many there were */
async function change(
  address: At,
  options: Reach,
  write: (map: Cut) => void,
  left: (before: number) => number,
): Promise<void> {
  await at(address, options, async (session, lane) => {
    const { timeoutMs } = session
    const map = lane.downlinkMap({ emptyValues: 'keep' }).open()
    await session.reach(map.whenSynced({ timeoutMs }))
    const before = map.size
    write(map)
    await session.reach(map.settled({ timeoutMs }))
    const wanted = left(before)
    if (map.size !== wanted) {
      const why =
        'somebody wrote as well, or the host has no such command: SwimOS Rust ends the agent over drop and take'
      throw new Fault(`${map.size} of ${before} entries are left, not ${wanted}: ${why}`)
    }
    await print([`${map.size} of ${before} entries left`])
  })
}

interface Cut {
  clear(): void
  drop(count: number): void
  take(count: number): void
}

export const clearCommand = (): Command =>
  whole('clear', 'remove all entries of a map', 'Removes all entries of a map lane. It does not ask first.').action(
    (hostUri: string, nodeUri: string, laneUri: string, options: Reach) =>
      change(
        [hostUri, nodeUri, laneUri],
        options,
        map => map.clear(),
        () => 0,
      ),
  )

const cut = (name: 'drop' | 'take', summary: string, description: string): Command =>
  whole(
    name,
    summary,
    `${description}\nSwimOS Rust has neither drop nor take: its agent ends, and its lanes are empty.`,
  )
    .argument('<count>', 'how many entries', count())
    .action((hostUri: string, nodeUri: string, laneUri: string, count: number, options: Reach) =>
      change(
        [hostUri, nodeUri, laneUri],
        options,
        map => map[name](count),
        before => (name === 'take' ? Math.min(count, before) : Math.max(0, before - count)),
      ),
    )

export const dropCommand = (): Command =>
  cut(
    'drop',
    'remove the first entries of a map',
    "Removes the first COUNT entries of a map lane, in the lane's order.",
  )

export const takeCommand = (): Command =>
  cut(
    'take',
    'keep the first entries of a map',
    "Keeps the first COUNT entries of a map lane, in the lane's order, and removes all others.",
  )
