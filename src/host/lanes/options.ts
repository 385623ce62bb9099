// Floor 3'. The options of lanes, in one table per kind that checks them. Options of hosts: ../options.ts.

const guards = { canRead: 'a function', canWrite: 'a function' } as const
const stateful = { ...guards, transient: [false, true] } as const
const join = { ...guards, didUpdate: 'a function', didRemove: 'a function' } as const

/** All options of lanes, by kind, with their allowed values. */
export const laneOptions = {
  map: {
    ...stateful,
    keySchema: 'a schema',
    valueSchema: 'a schema',
    willUpdate: 'a function',
    didUpdate: 'a function',
    willRemove: 'a function',
    didRemove: 'a function',
    didClear: 'a function',
  },
  value: { ...stateful, schema: 'a schema', initial: 'any value', willSet: 'a function', didSet: 'a function' },
  command: { ...guards, schema: 'a schema', onCommand: 'a function' },
  supply: guards,
  demand: { ...guards, onCue: 'a function' },
  demandMap: { ...guards, onSync: 'a function', onCue: 'a function' },
  list: {
    ...stateful,
    schema: 'a schema',
    didUpdate: 'a function',
    didMove: 'a function',
    didRemove: 'a function',
    didClear: 'a function',
  },
  joinValue: join,
  joinMap: { ...join, cuts: ['keep', 'follow'] },
} as const
