// The worlds that are walked: which host, which lanes on one socket, how many keys.
import type { Value } from '../../../src/recon/index.js'
import type { tastes } from './values.js'
import { fewKeys, manyKeys } from './values.js'

/**
 * How a lane is opened. `synced`: as it is by default. `bare`: with `syncs(false)`. `brief`: with `relinks(false)`.
 * `value`: by a value downlink.
 */
export type RoomKind = 'synced' | 'bare' | 'brief' | 'value'

/** A lane, and how each client opens it. */
export interface Room {
  readonly lane: string
  readonly kind: RoomKind
  readonly taste: keyof typeof tastes
}

export interface Setting {
  readonly name: string
  readonly host: 'java' | 'rust'
  readonly rooms: readonly Room[]
  readonly keys: readonly Value[]
  /** Whether many entries are written at once. */
  readonly isBulky?: boolean
  /** Whether clients write in calms between, to see that nothing is lost. */
  readonly isCalmed?: boolean
  /** Whether the clients are pages whose sockets a worker has, which they share. */
  readonly isRelayed?: boolean
  /** The part of all steps that go into it. */
  readonly share: number
}

const synced = (taste: keyof typeof tastes): Room => ({ lane: taste, kind: 'synced', taste })

const severalRooms = (taste: 'plain' | 'exact'): Room[] => [
  { lane: 'map', kind: 'synced', taste },
  { lane: 'other', kind: 'synced', taste },
  { lane: 'value', kind: 'value', taste },
  { lane: 'set', kind: 'synced', taste: 'keeping' },
  { lane: 'bare', kind: 'bare', taste },
  { lane: 'brief', kind: 'brief', taste },
]

const one = (taste: keyof typeof tastes, share: number): Setting => ({
  name: `a ${taste} lane`,
  host: 'java',
  rooms: [synced(taste)],
  keys: fewKeys,
  share,
})

const relayed = (
  name: string,
  host: Setting['host'],
  rooms: readonly Room[],
  keys: readonly Value[],
  share: number,
): Setting => ({ name, host, rooms, keys, isRelayed: true, share })

export const settings: readonly Setting[] = [
  one('plain', 0.19),
  one('transforming', 0.14),
  one('refusing', 0.14),
  one('keeping', 0.13),
  {
    name: 'a lane with calms between',
    host: 'java',
    rooms: [synced('plain')],
    keys: fewKeys.slice(0, 2),
    isCalmed: true,
    share: 0.06,
  },
  {
    name: 'six lanes on one socket',
    host: 'java',
    rooms: severalRooms('plain'),
    keys: fewKeys.slice(2, 5),
    share: 0.15,
  },
  { name: 'a lane of a host that keeps order', host: 'rust', rooms: [synced('exact')], keys: fewKeys, share: 0.07 },
  {
    name: 'six lanes of a host that keeps order',
    host: 'rust',
    rooms: severalRooms('exact'),
    keys: fewKeys.slice(2, 5),
    share: 0.06,
  },
  {
    name: 'a lane of 3,000 entries',
    host: 'java',
    rooms: [synced('plain')],
    keys: manyKeys,
    isBulky: true,
    share: 0.06,
  },
  relayed('a lane that tabs share', 'java', [synced('plain')], fewKeys, 0.1),
  relayed('six lanes that tabs share', 'java', severalRooms('plain'), fewKeys.slice(2, 5), 0.1),
  relayed(
    'six lanes of a host that keeps order, which tabs share',
    'rust',
    severalRooms('exact'),
    fewKeys.slice(2, 5),
    0.1,
  ),
]
