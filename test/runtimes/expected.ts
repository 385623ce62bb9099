// What the scenario sees, on every runtime.
import { parse, stringify } from '../../src/recon/index.js'
import { many } from './programs/scenario.js'
import type { Vector } from './world.js'

export const expected = (vectors: readonly Vector[], without: readonly string[] = []): object => {
  const all = {
    synced: [
      ['a', 1],
      ['b', { floor: 2 }],
      ['c', 'three'],
      ['ü', 'été 🛗'],
    ],
    toldOfSync: [
      ['a', 1],
      ['b', { floor: 2 }],
      ['c', 'three'],
      ['ü', 'été 🛗'],
    ],
    toldOfOthers: [['b', { floor: 7, имя: 'лифт' }], ['c']],
    put: 'taken',
    removed: 'taken',
    held: [
      ['a', 1],
      ['mine', [1, 2.5, true, null, String(2n ** 70n), { '0': 0, '1': 127, '2': 255 }]],
      ['日本 🛗', 'ключ\u0000\u2028"\\'],
    ],
    shown: [
      ['a', '1'],
      ['mine', '{1,2.5,true,,1180591620717411303424,%AH//}'],
      ['日本 🛗', '"ключ\\u0000\u2028\\"\\\\"'],
    ],
    toldOfOwn: 4,
    light: 'on',
    many: [many, 0, many - 1],
    largeUp: 'taken',
    largeHeld: true,
    afterOutage: ['late', 'mine', 'offline', '日本 🛗'],
    heldAfterOutage: ['late', 'mine', 'offline', '日本 🛗'],
    toldOfOutage: [['a'], ['late', 1], ['offline', 2]],
    states: ['linking', 'syncing', 'synced', 'stale', 'synced'],
    nobody: ['transport', 'connecting'],
    odd: [
      ['transport', 4001, 'not today, ü'],
      ['lost', 4001],
      ['protocol', null, null],
      ['protocol', null, null],
      ['lost', 1006],
    ],
    recon: vectors.map(({ recon }) => [stringify(parse(recon)), true]),
    malformed: ['ReconError', 'recon', 3],
    moment: '2023-11-14T22:13:20.000Z',
    moments: [
      ['first', { at: 1_700_000_000_000 }],
      ['second', { at: 86_400_000 }],
    ],
    misfit: 'SchemaError',
    closed: ['closed', 'closed'],
    errors: [],
  }
  return Object.fromEntries(Object.entries(all).filter(([what]) => !without.includes(what)))
}
