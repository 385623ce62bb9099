// The cases of the Recon bench: each has samples for JSON and for Recon, and for each codec a function that handles one. Nothing here is
// Node's alone: pages run the same.
import { elevators, kinds } from './recon-data.mjs'

const head = '@event(node:"/hotel/lobby",lane:elevators)'
const frame = (recon, value, i) => `${head}@update(key:"elevator-${i}")${recon.stringify(value)}`

/** Base64 by the fastest means of the platform. */
const toBase64 =
  typeof Buffer === 'function'
    ? bytes => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
    : bytes => bytes.toBase64()
const fromBase64 =
  typeof Buffer === 'function' ? text => Buffer.from(text, 'base64') : text => Uint8Array.fromBase64(text)

/** What JSON lacks is written as texts, by hand for the keys that have it, as who knows the records would do it. */
const byHand = {
  bigints: {
    stringify: value =>
      JSON.stringify({
        id: value.id,
        account: String(value.account),
        balance: String(value.balance),
        block: String(value.block),
      }),
    parse(text) {
      const value = JSON.parse(text)
      value.account = BigInt(value.account)
      value.balance = BigInt(value.balance)
      value.block = BigInt(value.block)
      return value
    },
  },
  data: {
    stringify: ({ id, picture }) => JSON.stringify({ id, picture: toBase64(picture) }),
    parse(text) {
      const value = JSON.parse(text)
      value.picture = fromBase64(value.picture)
      return value
    },
  },
}

const rivalParse =
  ({ Recon }) =>
  text =>
    Recon.parse(text)

/** Texts of all records of a kind. Each must be read back as what was written. */
const textsOf = (kind, { stringify, parse }, equals) =>
  kinds[kind]().map(value => {
    const text = stringify(value)
    if (!equals(parse(text), value)) throw new Error(`${kind}: ${text} is not what was written`)
    return text
  })

const reading = (kind, rules) => ({
  bound: 1,
  goal: 0.5,
  ...rules,
  samples: recon => ({
    json: textsOf(kind, byHand[kind] ?? JSON, recon.equals),
    recon: textsOf(kind, recon, recon.equals),
  }),
  json: () => (byHand[kind] ?? JSON).parse,
  recon: ({ parse }) => parse,
  rival: rivalParse,
})

/** Whatever is written is looked at, so that all is one flat text. */
const writing = (kind, rules) => ({
  bound: 1.2,
  goal: 0.9,
  ...rules,
  samples: () => ({ json: kinds[kind](), recon: kinds[kind]() }),
  json() {
    const { stringify } = byHand[kind] ?? JSON
    return value => stringify(value).charCodeAt(1)
  },
  recon:
    ({ stringify }) =>
    value =>
      stringify(value).charCodeAt(1),
  rival:
    ({ Recon, Value }) =>
    value =>
      Recon.toString(Value.fromLike(value)).charCodeAt(1),
})

/** What --check allows: what was reached, and half as much again where a machine is busy. */
const usual = { reading: 1.5, writing: 1.8 }
const rules = {
  'reading flat records': { limit: 0.95 },
  'reading lists of records': { limit: 1 },
  'reading optional keys': { limit: 2.3 },
  'reading texts that are not ASCII': { limit: 2.6 },
  'reading texts with escapes': { limit: 3.2 },
  'reading floats': { limit: 1.7 },
  'reading bigints': { bound: 1.3, limit: 1.8 },
  'reading data': { limit: 3.2 },
  'reading unlike records': { bound: 1.3, limit: 2.2 },
  'reading long texts with escapes': { limit: 1.8 },
  'writing lists of numbers': { limit: 2.1 },
  'writing lists of records': { limit: 2.2 },
  'writing texts that are not ASCII': { limit: 2.6 },
  'writing texts with escapes': { limit: 2.6 },
  'writing a document of 4,000 records': { limit: 2.5 },
}

const frames = {
  'frames of a map lane, by the reader': {
    bound: 0.7,
    goal: 0.5,
    limit: 0.9,
    samples: recon => ({
      json: elevators(1000).map((value, i) =>
        JSON.stringify({ event: { node: '/hotel/lobby', lane: 'elevators' }, update: { key: `elevator-${i}` }, value }),
      ),
      recon: elevators(1000).map((value, i) => frame(recon, value, i)),
    }),
    json: () => JSON.parse,
    recon: ({ Reader }) => {
      const reader = new Reader()
      return text => {
        const route = reader.head(text)
        if (!reader.entry(text, reader.end, '@update(key:')) throw new Error('no update')
        return { route, key: reader.key, value: reader.value }
      }
    },
    rival: rivalParse,
  },
  'frames of a map lane, whole': {
    bound: 0.7,
    goal: 0.5,
    limit: 0.9,
    samples: recon => {
      const texts = elevators(1000).map((value, i) => frame(recon, value, i))
      return { json: texts.map(text => JSON.stringify(recon.parse(text))), recon: texts }
    },
    json: () => JSON.parse,
    recon: ({ parse }) => parse,
    rival: rivalParse,
  },
}

/** The name of each case, its direction first, so that a word on the command line picks all that read or all that write. */
export const cases = {
  ...Object.fromEntries(Object.entries(frames).map(([name, one]) => [`reading ${name}`, one])),
  ...Object.fromEntries(
    Object.entries({ reading, writing }).flatMap(([direction, make]) =>
      Object.keys(kinds).map(kind => {
        const name = `${direction} ${kind}`
        return [name, make(kind, { limit: usual[direction], ...rules[name] })]
      }),
    ),
  ),
}

/** A string made by joining is a tree until someone looks; what comes from a socket is flat. */
const flat = text => new TextDecoder().decode(new TextEncoder().encode(text))

/** The codecs of a case: for each a function and its samples. */
export function codecsOf(name, recon, rival) {
  const one = cases[name]
  const both = one.samples(recon)
  const made = list => list.map(sample => (typeof sample === 'string' ? flat(sample) : sample))
  const codecs = { json: both.json, recon: both.recon, ...(rival && { rival: both.recon }) }
  return Object.fromEntries(
    Object.entries(codecs).map(([codec, samples]) => [
      codec,
      { handle: one[codec](codec === 'rival' ? rival : recon), samples: made(samples) },
    ]),
  )
}
