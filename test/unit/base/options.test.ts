// The one check of options, and that client, host, lanes and builders are all checked by it.
import { describe, expect, test } from 'vitest'
import { readOptions, type Table } from '../../../src/base/options.js'
import { kinds } from '../../../src/client/kinds.js'
import { clientOptions } from '../../../src/client/options.js'
import { WarpHost } from '../../../src/host/index.js'
import { laneOptions } from '../../../src/host/lanes/options.js'
import { hostOptions } from '../../../src/host/options.js'
import { ConfigError, SwimClient } from '../../../src/index.js'

const thrown = (call: () => unknown): ConfigError => {
  try {
    call()
  } catch (error) {
    return error as ConfigError
  }
  throw new Error('nothing was thrown')
}
const address = { hostUri: 'warp://host', nodeUri: '/n', laneUri: 'l' }
const lanes = { map: 'mapLane', value: 'valueLane', command: 'commandLane', supply: 'supplyLane', demand: 'demandLane' }
const joins = { joinValue: 'joinValueLane', joinMap: 'joinMapLane' }

/** All that takes options: how it is given some, and its table. */
const takers: Record<string, { table: object; take: (options: object) => unknown }> = {
  client: { table: clientOptions, take: options => new SwimClient(options) },
  host: { table: hostOptions, take: options => new WarpHost(options) },
  map: { table: kinds.downlinkMap.options, take: o => new SwimClient().downlinkMap({ ...address, ...o }).open() },
  value: { table: kinds.downlinkValue.options, take: o => new SwimClient().downlinkValue({ ...address, ...o }).open() },
  event: { table: kinds.downlinkEvent.options, take: o => new SwimClient().downlinkEvent({ ...address, ...o }).open() },
}
for (const [kind, method] of Object.entries({ ...lanes, ...joins })) {
  takers[`${kind} lane`] = {
    table: laneOptions[kind as keyof typeof laneOptions],
    take(options) {
      const host = new WarpHost()
      const onCue = kind === 'demand' ? { onCue: () => 1 } : {}
      host.node('/n', node => {
        const declare = node[method as 'mapLane'].bind(node) as (uri: string, options: object) => unknown
        declare('l', { ...onCue, ...options })
      })
      return host.nodeRef('/n')
    },
  }
}
const cases = Object.entries(takers).map(([name, taker]) => [name, taker] as const)

/** Each name with one letter left out, doubled, changed, or two changed over, or without regard to case. */
function misspelt(name: string): string[] {
  const found = [name.toLowerCase(), name.toUpperCase(), `${name}s`]
  for (let i = 0; i < name.length; i++) {
    const [before, letter, after] = [name.slice(0, i), name[i]!, name.slice(i + 1)]
    found.push(before + after, before + letter + letter + after, `${before}x${after}`)
    if (after !== '') found.push(before + after[0] + letter + after.slice(1))
  }
  return found
}

describe.each(cases)('options of a %s', (_name, { table, take }) => {
  const names = Object.keys(table)

  test.each(names)('refuse %s misspelt, and name it', name => {
    for (const wrong of misspelt(name)) {
      if (names.includes(wrong)) continue
      const error = thrown(() => take({ [wrong]: undefined }))
      expect(error, wrong).toBeInstanceOf(ConfigError)
      expect(error.option).toBe(wrong)
      const [, suggested = ''] = /^.*: there is no such option; did you mean (\w+)\?$/.exec(error.message) ?? []
      expect(names).toContain(suggested)
      // Another name may be as near: of `didDrop`, `didop` is as near to `didOpen`.
      if (suggested !== name) expect(lettersApart(wrong, suggested)).toBeLessThanOrEqual(lettersApart(wrong, name))
    }
  })

  test.each(Object.entries(table).filter(([, row]) => typeof row !== 'string' || !/value|schema/.test(row)))(
    'refuse a %s that is not %o, and say what was given',
    (name, row: string | readonly unknown[]) => {
      for (const wrong of [Symbol('x'), NaN, null]) {
        const error = thrown(() => take({ [name]: wrong }))
        expect(error).toBeInstanceOf(ConfigError)
        expect(error.option).toBe(name)
        expect(error.message).toMatch(/^\w+: .*must be |^\w+: .* is none/)
      }
      if (typeof row === 'string') return
      const [fallback, least = 0, most = Infinity] = row
      if (typeof fallback !== 'number') return
      for (const wrong of [Number(least) - 1, Number(most) + 1].filter(n => n < Number(least) || n > Number(most))) {
        const { message } = thrown(() => take({ [name]: wrong }))
        expect(message).toBe(`${name}: must be a number from ${String(least)} to ${String(most)}, got ${wrong}`)
      }
    },
  )
})

/** By its definition: how many letters must be put in, taken out or changed. */
function lettersApart(a: string, b: string): number {
  const [p, q] = [a.toLowerCase(), b.toLowerCase()]
  const known = new Map<string, number>()
  const apart = (i: number, j: number): number => {
    const at = `${i} ${j}`
    if (i === 0 || j === 0) return i + j
    if (!known.has(at)) {
      const change = apart(i - 1, j - 1) + (p[i - 1] === q[j - 1] ? 0 : 1)
      known.set(at, Math.min(apart(i - 1, j) + 1, apart(i, j - 1) + 1, change))
    }
    return known.get(at)!
  }
  return apart(p.length, q.length)
}

describe('one table', () => {
  type Given = {
    readonly waitMs?: number
    readonly share?: number
    readonly mode?: 'a' | 'b'
    readonly secret?: object
  }
  const table = { waitMs: [5], share: [1, 0, 1], mode: ['a', 'b'], secret: 'an object' } as const satisfies Table<Given>
  const read = (given: object) => readOptions<Given, typeof table>(table, given as Given)

  test('fills in its defaults, and keeps what was given', () => {
    expect(read({})).toEqual({ waitMs: 5, share: 1, mode: 'a' })
    expect(read({ share: 0, mode: 'b', waitMs: undefined })).toEqual({ waitMs: 5, share: 0, mode: 'b' })
  })

  test('cuts times to what timers take', () => {
    expect(read({ waitMs: Infinity })).toMatchObject({ waitMs: 2 ** 31 - 1 })
  })

  test.each(['wiatMs', 'shar', 'modes'])('suggests what is near: for %s', name => {
    expect(thrown(() => read({ [name]: 1 })).message).toMatch(/: there is no such option; did you mean \w+\?$/)
  })

  test.each(['heartbeatMs', 'hostUri', 'x'])('suggests nothing that shares too little: for %s', name => {
    expect(thrown(() => read({ [name]: 1 })).message).toBe(`${name}: there is no such option here`)
  })

  test('says which words there are', () => {
    expect(thrown(() => read({ mode: 'c' })).message).toBe('mode: must be a or b, got c')
  })

  test('shows no text where an object is wanted, as it may be a secret', () => {
    expect(thrown(() => read({ secret: 'open sesame' })).message).toBe('secret: must be an object, got string')
  })

  test.each([null, 'warp://host', 5])('refuses %o for options', given => {
    expect(thrown(() => read(given as never))).toMatchObject({ option: 'options' })
  })
})

test('an option that goes on relinking is refused, not ignored', () => {
  const builder = new SwimClient().downlinkMap({ ...address, relink: false } as never) as { open(): unknown }
  expect(thrown(() => builder.open()).message).toBe('relink: there is no such option; did you mean relinks?')
})
