// Random visits of a map that is kept: they begin and end at any step, in one tab or several, while the lane, the network and what
// is kept change. After quiet each map is its lane's; what was kept of writes has gone out, or was told as given up; no two visits
// that are there send the same write; and the next visit, without a network, shows what the lane had.
//
// CACHE_STEPS sets how many steps there are (npm run test:long takes 1,000,000), CACHE_SEED where chance begins. A failure says the
// seed of its walk: with that, its walk is the first.
import { expect, test, vi } from 'vitest'
import '../../src/cache/index.js'
import type { MapDownlink, SwimError } from '../../src/index.js'
import { chanceOf } from '../../src/testing/random.js'
import { testHost, type TestClient } from '../../src/testing/index.js'
import { Device, type Tab } from '../support/cache-device.js'

const steps = Number(process.env['CACHE_STEPS'] ?? 20_000)
const firstSeed = Number(
  process.env['CACHE_SEED'] ?? (process.env['CACHE_STEPS'] === undefined ? 7 : Date.now() % 2 ** 31),
)
const stepsPerWalk = 60

interface Visit {
  readonly client: TestClient
  readonly index: number
  readonly tab: Tab
  readonly errors: SwimError[]
  readonly maps: Map<string, MapDownlink<string, unknown>>
  isOver: boolean
}

/** Values are numbers that nobody else writes, so that each command says whose it was. */
const valueOf = /@update\(key:\w+\) ?(\d+)$/

async function walk(seed: number): Promise<string> {
  const next = chanceOf(seed)
  const below = (n: number) => Math.floor(next() * n)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
  const host = testHost({ seed, ...pick([{}, {}, { like: 'java' as const }, { like: 'rust' as const }]) })
  const device = new Device(host.clock)
  device.slowMs = pick([0, 0, 20, 500])
  const visits: Visit[] = []
  const lanes = ['m', 'n'].slice(0, 1 + below(2))
  const keys = 'abcdefgh'
  let count = 0
  /** When each visit ended, by the time of the host. */
  const endedMs: number[] = []
  /** Values that were kept when the visit that wrote them ended. */
  const left = new Set<number>()
  let shiftMs = 0
  let isDamaged = false
  const now = vi.spyOn(Date, 'now').mockImplementation(() => 1.7e12 + host.now + shiftMs)
  const live = () => visits.filter(({ isOver }) => !isOver)

  const begin = (): Visit => {
    const errors: SwimError[] = []
    const tab = device.tab()
    const client = host.client({ cache: tab, onError: error => void errors.push(error), closeTimeoutMs: 500 })
    const visit: Visit = { client, index: visits.length, tab, errors, maps: new Map(), isOver: false }
    visits.push(visit)
    open(visit, pick(lanes))
    return visit
  }
  const open = (visit: Visit, lane: string) => {
    const before = visit.maps.get(lane)
    before?.close()
    // What is on the wire then is left to who opens the lane next.
    if (before !== undefined) endedMs[visit.index] ??= host.now
    const map = visit.client.downlinkMap<string, unknown>({ nodeUri: '/h', laneUri: lane, cache: true }).open()
    visit.maps.set(lane, map)
  }
  const keptValues = async () => {
    const rows = await device.store.read('write\n')
    return new Set(
      rows.flatMap(([, text]) => text.split('\n').flatMap(line => valueOf.exec(line)?.[1] ?? [])).map(Number),
    )
  }
  const end = async (visit: Visit) => {
    visit.isOver = true
    endedMs[visit.index] ??= host.now
    visit.tab.kill()
    host.cut(visit.client)
    for (const value of await keptValues()) left.add(value)
  }

  for (let step = 0; step < stepsPerWalk; step++) {
    const what = below(24)
    const visit = pick(live())
    const map = visit && pick([...visit.maps.values()])
    const lane = host.lane('/h', pick(lanes))
    if (visit === undefined || (what === 0 && live().length < 3)) begin()
    else if (what === 1) await end(visit)
    else if (what === 2) open(visit, pick(lanes))
    else if (what === 3) host.cut(visit.client)
    else if (what === 4) {
      if (!visit.isOver) host.heal(visit.client)
    } else if (what < 10) map!.set(pick([...keys]), ++count)
    else if (what === 10) map!.delete(pick([...keys]))
    else if (what === 11 && below(3) === 0) map!.clear()
    else if (what === 12 && below(3) === 0) map!.drop(1)
    else if (what === 13) visit.tab.turn()
    else if (what === 14 && below(2) === 0) device.blockedUntilMs = host.now + below(30_000)
    else if (what === 15 && below(3) === 0) {
      // What is kept of entries is damaged: a page is gone, or a log is cut off.
      const rows = (await device.store.read('lane\n')).filter(([key]) => !key.endsWith('!'))
      const row = rows.length > 0 ? pick(rows) : undefined
      isDamaged ||= row !== undefined
      if (row !== undefined) {
        const put = below(2) === 0 ? [] : [[row[0], row[1].slice(0, below(row[1].length))] as const]
        await device.store.write({ remove: [row[0]], put })
      }
    } else if (what === 16 && below(3) === 0) shiftMs += pick([-1e9, -60_000, 60_000, 1e9])
    else if (what === 17) lane.set(pick([...keys]), `host ${++count}`)
    else if (what === 18) lane.delete(pick([...keys]))
    else if (what === 19 && below(4) === 0) lane.clear()
    else if (what === 20 && below(4) === 0) host.restart({ keep: below(2) === 0 })
    else if (what === 21 && below(4) === 0) {
      visit.isOver = true
      await host.until(visit.client.close())
      visit.tab.kill()
      endedMs[visit.index] ??= host.now
    } else await host.advance(pick([0, 1, 20, 300, 3000]))
  }

  // Quiet: everything works, and one visit is sure to be there which has all lanes open.
  for (const visit of live()) {
    visit.tab.thaw()
    host.heal(visit.client)
  }
  device.blockedUntilMs = 0
  await host.advance(1000)
  const last = begin()
  for (const lane of lanes) open(last, lane)
  await host.advance(150_000)
  for (const { client } of live()) await host.converged(undefined, client)
  // Changes after which each lane is written, by whichever tab that falls to.
  for (const pause of [2000, 130_000, 2000]) {
    for (const lane of lanes) host.lane('/h', lane).set('z', `host ${++count}`)
    await host.advance(pause)
  }

  // Each write that was kept when its visit ended has gone out, was told of, or gave way to another.
  const sent = new Map<number, { at: number; client: number }[]>()
  for (const { at, client, direction, text } of host.frames) {
    const value = direction === 'out' ? valueOf.exec(text)?.[1] : undefined
    if (value !== undefined) sent.set(Number(value), [...(sent.get(Number(value)) ?? []), { at, client }])
  }
  expect([...(await keptValues())], 'writes that are kept yet').toEqual([])
  for (const [value, times] of sent) {
    times.forEach(({ client }, i) => {
      // Two visits send the same write only where the first has ended.
      for (const later of times.slice(i + 1))
        if (later.client !== client)
          expect(
            endedMs[client] ?? Infinity,
            `value ${value} was sent by ${client} and ${later.client}`,
          ).toBeLessThanOrEqual(later.at)
    })
  }

  // What is damaged is made whole by a visit that finds it so.
  for (const visit of live()) await end(visit)
  if (isDamaged) {
    const mending = begin()
    for (const lane of lanes) open(mending, lane)
    await host.advance(5000)
    await end(mending)
  }
  // The next visit shows what the lane has, without a network.
  host.cut()
  const after = begin()
  for (const lane of lanes) {
    open(after, lane)
    const map = after.maps.get(lane)!
    await host.until(map.whenReadable())
    expect([...map].map(String), `lane ${lane} at the next visit`).toEqual([...host.lane('/h', lane)].map(String))
  }
  now.mockRestore()
  const kept = left.size
  return `${visits.length} visits, ${kept} writes kept`
}

test(`visits end as their lanes have it (${steps} steps from seed ${firstSeed})`, { timeout: 0 }, async () => {
  const seeds = chanceOf(firstSeed)
  for (let at = 0; at < steps; at += stepsPerWalk) {
    const seed = at === 0 ? firstSeed : Math.floor(seeds() * 2 ** 52)
    try {
      await walk(seed)
    } catch (cause) {
      throw new Error(`walk ${seed} (CACHE_SEED=${seed} CACHE_STEPS=${stepsPerWalk}): ${String(cause)}`, { cause })
    }
  }
})
