// Frames as real hosts and clients send them, before anything is done to them: those recorded, and some made by chance.
import { readdirSync, readFileSync } from 'node:fs'
import { stringify, type Value } from '../../../src/recon/index.js'
import type { Chance } from './chance.js'

/** The lanes that what is mutated is about: one of each kind, with a downlink to each. */
export const node = '/v'
export const lanes = ['map', 'value', 'list', 'event'] as const

const folder = new URL('../../fixtures/wire/', import.meta.url)

/** An address at the head of a frame that was recorded. */
const address = /^(@\w+\()node:(?:"[^"]*"|\w+),lane:(?:"[^"]*"|\w+)/

/** All frames that were recorded, both ways, each about one of the lanes. */
export const recorded: readonly string[] = readdirSync(folder)
  .filter(name => name.endsWith('.jsonl'))
  .flatMap(name => readFileSync(new URL(name, folder), 'utf8').trim().split('\n').slice(1))
  .map(line => JSON.parse(line) as { readonly recv?: string; readonly send?: string })
  .flatMap(({ recv, send }) => [recv ?? send ?? []].flat())
  .map((frame, i) => frame.replace(address, `$1node:"${node}",lane:${lanes[i % lanes.length]!}`))

const texts = [
  'a',
  'b',
  'true',
  '',
  'two words',
  'ö',
  '😀',
  '"',
  '\\',
  '\n',
  '@a',
  '__proto__',
  'constructor',
  'length',
]

/** A value of any form that a frame may carry. */
export function valueBy(chance: Chance, depth = 3): Value {
  const kind = chance.below(depth > 0 ? 9 : 6)
  if (kind === 0) return chance.below(1000)
  if (kind === 1) return chance.next() * 10 ** (chance.below(40) - 20)
  if (kind === 2) return chance.is(0.5)
  if (kind === 3) return 2n ** BigInt(60 + chance.below(60))
  if (kind < 6) return chance.pick(texts)
  const size = chance.below(4)
  if (kind === 6) return Array.from({ length: size + 1 }, () => valueBy(chance, depth - 1))
  // As an own entry, whatever the name: `__proto__` too.
  return Object.fromEntries(Array.from({ length: size + 1 }, () => [chance.pick(texts), valueBy(chance, depth - 1)]))
}

const reasons = ['', '@laneNotFound', '@nodeNotFound', '@noAgent "why"', '"text"', '{a:1}']

/** A frame that a host may send of one of the lanes. */
export function envelopeBy(chance: Chance): string {
  const lane = chance.pick(lanes)
  const head = `(node:"${node}",lane:${lane}${chance.is(0.2) ? `,prio:${chance.next()},rate:${chance.next()}` : ''})`
  const kind = chance.below(20)
  if (kind === 0) return '@linked' + head
  if (kind === 1) return '@synced' + head
  if (kind === 2) return '@unlinked' + head + chance.pick(reasons)
  const key = () => stringify(valueBy(chance, 1))
  const value = () => stringify(valueBy(chance))
  const event = '@event' + head
  if (kind === 3) return event + chance.pick(['@clear', `@drop(${chance.below(9)})`, `@take(${chance.below(9)})`])
  if (lane === 'map') return event + (chance.is(0.2) ? `@remove(key:${key()})` : `@update(key:${key()}) ${value()}`)
  if (lane === 'list') return event + itemBy(chance, value)
  return event + ' ' + value()
}

function itemBy(chance: Chance, value: () => string): string {
  const [index, to] = [chance.below(6), chance.below(6)]
  const key = chance.is(0.5) ? `,key:k${chance.below(9)}` : ''
  const kind = chance.below(4)
  if (kind === 0) return `@remove(index:${index}${key})`
  if (kind === 1) return `@move(from:${index},to:${to}${key})`
  return `@update(index:${index}${key}) ${value()}`
}

/** A frame to mutate. */
export const frameBy = (chance: Chance): string => (chance.is(0.3) ? chance.pick(recorded) : envelopeBy(chance))
