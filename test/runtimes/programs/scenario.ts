// What every runtime goes through, and what it saw of it. It has nothing but what it is given, and fetch to ask the world for what
// others do (../world.ts).
import type * as zodPackage from 'zod'
import type { SwimClient as Client, SwimClientOptions, TransportError } from 'swimlink'
import type * as Recon from 'swimlink/recon'
import type * as codecsEntry from 'swimlink/zod'
import type { Addresses } from '../world.js'

export interface Loaded {
  readonly SwimClient: typeof Client
  readonly recon: typeof Recon
  /** Where zod can be had. */
  readonly zod?: { readonly package: typeof zodPackage; readonly codecs: typeof codecsEntry }
  readonly options?: SwimClientOptions
}

/** Surrogate pairs, and letters of two bytes: 3 MB on the wire. */
export const large = '🛗ü'.repeat(500_000)
/** Entries of the lane `many`: more than are read in one turn. */
export const many = 20_000

const pause = (ms: number) => new Promise<void>(over => setTimeout(over, ms))

export async function scenario({ SwimClient, recon, zod, options }: Loaded, world: Addresses) {
  const seen: { [what: string]: unknown } = {}
  const errors: string[] = []
  const ask = async (what: string, given: object = {}) => {
    const response = await fetch(`${world.controlUrl}/${what}`, { method: 'POST', body: JSON.stringify(given) })
    return (await response.json()) as {
      readonly rows: [string, unknown][]
      readonly moments: [string, unknown][]
      readonly light: { readonly dimmed?: number }
      readonly connections: number
      readonly isSame: boolean
    }
  }
  const client = new SwimClient({
    hostUri: world.hostUri,
    nodeUri: '/n',
    reconnectMinMs: 50,
    reconnectMaxMs: 200,
    onError: error => errors.push(`${error.code}: ${error.message}`),
    ...options,
  })

  const told: [string, Recon.Value?][] = []
  const news = () => told.splice(0)
  const states: string[] = []
  let batches = 0
  const rows = client
    .downlinkMap<string, Recon.Value>({ laneUri: 'rows' })
    .didUpdate((key, value) => told.push([key, value]))
    .didRemove(key => told.push([key]))
    .didChangeStatus(({ state }) => states.push(state))
    .didFail(error => errors.push(`${error.code}: ${error.message}`))
    .open()
  rows.subscribe(() => batches++)
  const until = async (holds: () => boolean | Promise<boolean>) => {
    for (const from = Date.now(); !(await holds()); await pause(10)) {
      if (Date.now() - from < 15_000) continue
      const last = Object.keys(seen).at(-1)
      throw new Error(`waited in vain for ${holds}, after ${last}; ${states}; errors: ${errors}`)
    }
  }

  await rows.whenSynced({ timeoutMs: 10_000 })
  seen.synced = [...rows]
  seen.toldOfSync = news()

  await ask('set', { key: 'b', value: { floor: 7, имя: 'лифт' } })
  await ask('remove', { key: 'c' })
  await until(() => (rows.get('b') as { floor: number }).floor === 7 && !rows.has('c'))
  seen.toldOfOthers = news()

  seen.put = await rows.put('mine', [1, 2.5, true, null, 2n ** 70n, new Uint8Array([0, 127, 255])])
  rows.set('日本 🛗', 'ключ\u0000\u2028"\\')
  rows.delete('b')
  seen.removed = await rows.remove('ü')
  await until(async () => (await ask('held')).rows.length === 3)
  seen.held = (await ask('held')).rows
  seen.shown = [...rows].map(([key, value]) => [key, recon.stringify(value)])
  seen.toldOfOwn = news().length
  await until(() => batches > 0)

  const light = client.downlinkValue<Recon.Value>({ laneUri: 'light' }).open()
  await light.whenSynced({ timeoutMs: 10_000 })
  seen.light = light.get()
  await ask('light', { value: 'off' })
  await until(() => light.get() === 'off')
  light.set({ dimmed: 0.5 })
  await until(async () => (await ask('held')).light.dimmed === 0.5)

  const crowd = client.downlinkMap<number, number>({ laneUri: 'many' }).open()
  await crowd.whenSynced({ timeoutMs: 15_000 })
  seen.many = [crowd.size, crowd.first()?.[0], crowd.get(many - 1)]
  crowd.close()

  await ask('large', { key: 'large' })
  await until(() => rows.get('large') === large)
  seen.largeUp = await rows.put('large too', large)
  seen.largeHeld = (await ask('large', { compare: 'large too' })).isSame
  await Promise.all([rows.remove('large'), rows.remove('large too')])
  news()

  // While the line is down: `a` goes, another comes, and this end writes.
  await ask('outage', { remove: ['a'], set: [['late', 1]] })
  await until(() => rows.status.state === 'stale')
  rows.set('offline', 2)
  await ask('over')
  await until(() => rows.synced)
  await until(async () => (await ask('held')).rows.length === 4)
  seen.afterOutage = [...rows.keys()]
  seen.heldAfterOutage = (await ask('held')).rows.map(([key]) => key)
  seen.toldOfOutage = news().sort()
  seen.states = states.filter((state, i) => state !== states[i - 1])

  // A line that swallows all is given up, and so are attempts that it does not answer, until one is answered.
  const quick = { hostUri: world.silentUri, reconnectMinMs: 20, reconnectMaxMs: 50, onError: () => {}, ...options }
  const watchful = { heartbeatMs: 50, heartbeatTimeoutMs: 100, connectTimeoutMs: 300 }
  const watched = new SwimClient({ ...quick, ...watchful, nodeUri: '/n' })
  const other = watched.downlinkMap({ laneUri: 'rows' }).open()
  await other.whenSynced({ timeoutMs: 10_000 })
  await ask('silence')
  await until(() => other.status.state === 'stale')
  await pause(500)
  await ask('sound')
  await until(() => other.synced)
  await ask('set', { key: 'z', value: 26 })
  await until(() => other.get('z') === 26 && rows.get('z') === 26)
  await watched.close()

  // A port where nobody listens.
  const failures: string[] = []
  const nowhere = new SwimClient({ ...quick, hostUri: world.deadUri, nodeUri: '/n' })
  const nothing = nowhere
    .downlinkMap({ laneUri: 'rows' })
    .didFail(error => failures.push(error.code))
    .open()
  await until(() => failures.length >= 2)
  seen.nobody = [failures[0], nothing.status.state]
  await nowhere.close()

  // A host that misbehaves, each time in another way (../odd-host.ts), and is linked to in the end.
  const ends: unknown[] = []
  const odd = new SwimClient({
    ...quick,
    hostUri: world.oddUri,
    nodeUri: '/n',
    onError: error => ends.push([error.code, (error as TransportError).closeCode, (error as TransportError).reason]),
  })
  odd.on('disconnect', ({ cause }) => cause && ends.push(['lost', (cause as TransportError).closeCode]))
  const patience = odd.downlinkMap({ laneUri: 'rows' }).open()
  await patience.whenSynced({ timeoutMs: 10_000 })
  seen.odd = ends
  await odd.close()

  seen.recon = world.vectors.map(({ recon: text, written }) => {
    const value = recon.parse(text)
    const own = recon.stringify(value)
    const isSame = [own, ...(written === undefined ? [] : [written])].map(each =>
      recon.equals(recon.parse(each), value),
    )
    return [own, isSame.every(Boolean)]
  })
  try {
    recon.parse('{a:')
  } catch (error) {
    const { name, code, offset } = error as Recon.ReconError
    seen.malformed = [name, code, offset]
  }

  if (zod) {
    const at = zod.codecs.timestamp()
    const moments = client
      .downlinkMap({ laneUri: 'moments' })
      .keySchema(zod.package.string())
      .valueSchema(zod.package.object({ at }))
      .open()
    await moments.whenSynced({ timeoutMs: 10_000 })
    seen.moment = moments.get('first')?.at.toISOString()
    await moments.put('second', { at: new Date(86_400_000) })
    seen.moments = (await ask('held')).moments
    try {
      moments.set('third', { at: 'no date' as never })
    } catch (error) {
      seen.misfit = (error as Error).name
    }
  }

  rows.close()
  light.close()
  await client.close()
  seen.closed = [rows.status.state, light.status.state]
  await until(async () => (await ask('held')).connections === 0)
  seen.errors = errors.filter(text => !text.startsWith('transport'))
  return seen
}
