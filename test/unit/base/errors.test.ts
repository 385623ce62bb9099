// What a text from outside may do to an error: nothing. Every class and every field that a text can enter.
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import {
  AuthError,
  ClosedError,
  ConfigError,
  frameError,
  OverflowError,
  ProtocolError,
  SchemaError,
  TimeoutError,
  TransportError,
  UnlinkedError,
} from '../../../src/base/errors.js'
import { excerpt, messageOf, quote, say } from '../../../src/base/excerpt.js'
import { ReconError, SwimError } from '../../../src/base/swim-error.js'

/** Texts of a megabyte that are hard to cut, each with a pair at every second place, or at every other second. */
const long: Record<string, string> = {
  letters: 'x'.repeat(1_000_000),
  pairs: '😀'.repeat(500_000),
  'pairs, one place on': 'x' + '😀'.repeat(500_000),
  quotes: '"'.repeat(1_000_000),
  'control characters': '\u0001'.repeat(1_000_000),
}
const texts = Object.entries(long)
/** Half a surrogate pair. */
const half = /\p{Surrogate}/u

describe('an excerpt', () => {
  test.each(texts)('of a long text of %s has at most 120 characters, whole ones', (_, text) => {
    for (const shown of [excerpt(text), messageOf(text), messageOf(new Error(text)), quote(text)]) {
      expect(shown.length).toBeLessThanOrEqual(120)
      expect(shown.length).toBeGreaterThan(115)
      expect(shown).toMatch(/\.\.\."?$/)
      expect(shown).not.toMatch(half)
    }
    expect(quote(text)).toMatch(/^".*"$/)
  })

  test.each([0, 1, 116, 117, 118, 119, 120])('of %i characters is the text', length => {
    const text = 'x'.repeat(length)
    expect(excerpt(text)).toBe(text)
    expect(messageOf(text)).toBe(text)
    expect(excerpt('x'.repeat(121))).toBe('x'.repeat(117) + '...')
  })
})

describe('what something thrown says', () => {
  const strange: [title: string, value: unknown, text: string][] = [
    ['an error', new Error('why'), 'why'],
    ['an error of another realm', runInNewContext('new Error("why")'), 'why'],
    ['an error of a browser without a message', new DOMException('', 'QuotaExceededError'), 'QuotaExceededError'],
    ['an error that has a code alone', Object.assign(new Error(), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['a text', 'why', 'why'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a symbol', Symbol('why'), 'Symbol(why)'],
    ['a number', 0, '0'],
    ['a large integer', 10n ** 5000n, '1' + '0'.repeat(116) + '...'],
    ['an object with a message that is no text', { message: 7, toString: () => 'why' }, 'why'],
    ['an object without a prototype', Object.create(null), 'a value that has no text'],
    [
      'a getter that throws',
      {
        get message() {
          throw new Error('no')
        },
      },
      'a value that has no text',
    ],
    [
      'a toString that throws',
      {
        toString() {
          throw new Error('no')
        },
      },
      'a value that has no text',
    ],
    ['a revoked proxy', revoked(), 'a value that has no text'],
    ['a deep array', deep(100_000), 'a value that has no text'],
  ]

  test.each(strange)('is a text, and no throw: %s', (_, value, text) => {
    expect(messageOf(value)).toBe(text)
    expect(say`<${value}>`).toBe(`<${text}>`)
    expect(frameError(value, 'frame').message).toBe(`${text} in the frame "frame"`)
    if (text.length < 100) expect(quote(value)).toBe(JSON.stringify(text))
  })
})

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function deep(levels: number): unknown[] {
  let value: unknown[] = []
  for (let i = 0; i < levels; i++) value = [value]
  return value
}

/** Every class, with the text wherever a text from outside can come. */
const made: Record<string, (text: string) => SwimError> = {
  ProtocolError: text => new ProtocolError(say`${text}:`, text, { cause: text }),
  ConfigError: text => new ConfigError(text, say`${text} is none`),
  TransportError: text => new TransportError(say`the socket to ${text} ended: ${new Error(text)}`, 4000, text),
  AuthError: text => new AuthError(say`${text} refused`),
  UnlinkedError: text => new UnlinkedError(text, say`lane ${text} of node ${text}`, 'asked for again'),
  SchemaError: text =>
    new SchemaError(
      say`of key ${text}`,
      'key',
      Array.from({ length: 5 }, () => ({ message: text, path: [text, { key: text }] })),
    ),
  OverflowError: text => new OverflowError(say`${text} is full`, 1),
  TimeoutError: text => new TimeoutError(say`${text} was late`, 1),
  ClosedError: text => new ClosedError(say`${text} was closed`),
  ReconError: text => new ReconError('no form', { path: text }),
  SwimError: text => new SwimError('callback', say`${text} threw`),
}

describe.each(Object.entries(made))('%s', (name, make) => {
  test.each(texts)('of a megabyte of %s is short in message and fields, and cut between characters', (_, text) => {
    const error = make(text)
    expect(error.name).toBe(name === 'SwimError' ? 'CallbackError' : name)
    const { message, reason, snippet, option, path, issues = [] } = error as SwimError & Record<string, unknown>
    const found = issues as readonly { message: string }[]
    expect(message.length).toBeLessThan(600)
    expect(message).not.toMatch(half)
    for (const field of [reason, snippet, option, path, ...found.map(issue => issue.message)]) {
      if (field === undefined) continue
      expect((field as string).length).toBeLessThanOrEqual(120)
      expect(field).not.toMatch(half)
    }
  })
})

test('the issues of a SchemaError keep path and other fields, wherever their library has them', () => {
  class Issue {
    readonly code = 'too_big'
    get message() {
      return 'too big'
    }
    get path() {
      return ['a', 0]
    }
  }
  const error = new SchemaError('it does not fit', 'key', [new Issue()])
  expect(error.issues).toEqual([{ code: 'too_big', message: 'too big', path: ['a', 0] }])
  expect(error.message).toBe('it does not fit: a.0: too big')
})
