// Frames that are wrong for certain, each in one way: a client has to say so once for each, and go on.
import type { Chance } from './chance.js'

export const strict = { node: '/s', lane: 'strict' } as const
const head = '(node:"/s",lane:strict)'
const event = `@event${head}`

/** What no frame of a host's can be, by what is wrong with it. */
const wholes = {
  'nothing at all': '',
  'no envelope': 'garbage{',
  'a number': '5',
  'a text': '"@event"',
  'a tag that nobody knows': `@nonsense${head}`,
  'a tag of a prototype': `@__proto__${head}`,
  'a tag in capitals': `@Event${head}@update(key:a) 1`,
  'a frame of a client': `@command${head}@update(key:a) 1`,
  'a request of a client': `@sync${head}`,
  'no address': '@event@update(key:a) 1',
  'no node': '@event(lane:strict)@update(key:a) 1',
  'no lane': '@event(node:"/s")@update(key:a) 1',
  'a record for a node': '@event(node:{a:1},lane:strict)@update(key:a) 1',
  'a prototype for a lane': '@event(node:"/s",lane:{__proto__:strict})@update(key:a) 1',
  'a node beyond all bounds': `@event(node:"/${'s'.repeat(1e5)}",lane:strict)@update(key:a) 1`,
  'an address that does not end': '@event(node:"/s",lane:strict',
  'a text that does not end': '@event(node:"/s,lane:strict)@update(key:a) 1',
} as const

/** What no event of a map can be. */
const bodies = {
  'an operation that nobody knows': '@bogus(key:a) 1',
  'an operation in capitals': '@Update(key:a) 1',
  'no key': '@update 1',
  'no key by name': '@update(1) 1',
  'a key in a prototype': '@update({__proto__:{key:a}}) 1',
  'a remove of nothing': '@remove',
  'a key that does not end': '@update(key:a',
  'a text that does not end': '@update(key:a) "text',
  'a record that does not end': '@update(key:a) {b:{c:1}',
  'one bracket too many': '@update(key:a) {b:1}}',
  'brackets of two kinds': '@update(key:a) {b:(1}',
  'an escape that is none': '@update(key:a) "\\q"',
  'data that is none': '@update(key:a) %A',
  'a number without bounds': '@update(key:a) 1e999',
  'a sum': '@update(key:a) 1 + 2',
  'a variable': '@update(key:a) $b',
  'two values and no comma': '@update(key:a) 1 2',
  'a slot without a name': '@update(key:a) {a:1,:,:}}',
  'more depth than is taken': `@update(key:a) ${'{'.repeat(300)}1${'}'.repeat(300)}`,
  'a key with more depth than is taken': `@update(key:${'{'.repeat(300)}1${'}'.repeat(300)}) 1`,
  'depth without an end': '@update(key:a) ' + '{'.repeat(20_000),
  'attributes without an end': '@update(key:a) ' + '@a('.repeat(20_000),
  'markup without an end': '@update(key:a) ' + '['.repeat(20_000),
} as const

export const badFrames: Readonly<Record<string, string>> = {
  ...wholes,
  ...Object.fromEntries(Object.entries(bodies).map(([what, body]) => [`in its body, ${what}`, event + body])),
}

const whole = `${event}@update(key:"a key") {floor:3,names:{"one",two},door:@open("left")}`
/** A cut here leaves something open: within the parameters of the head or of the update, or within the value. */
const openAt = [...whole].map((_, i) => i).filter(i => isOpen(whole.slice(0, i)))

function isOpen(text: string): boolean {
  const bare = text.replace(/"[^"]*"/g, '')
  return bare.includes('"') || (bare.match(/[({]/g)?.length ?? 0) > (bare.match(/[)}]/g)?.length ?? 0)
}

const all = Object.values(badFrames)

/** A frame that is wrong for certain. */
export const badBy = (chance: Chance): string =>
  chance.is(0.3) ? whole.slice(0, chance.pick(openAt)) : chance.pick(all)
