// What a hostile host makes of a frame: its tokens are known, and its groups, so that most of what comes of it is almost right.
import type { Chance } from './chance.js'

/** Texts, words and attributes, numbers, spaces, and each other character. */
const token = /"(?:\\.|[^"\\])*"?|@?[A-Za-z_][\w-]*|-?\d[\w.+-]*|\s+|[^]/g

/** A frame is cut here, so that a run takes no more time than its number of frames says. */
const mostChars = 30_000

/** The tokens of a frame; one at least. */
export const tokensOf = (frame: string): string[] => frame.match(token) ?? ['']

const opening = '([{'
const closing = ')]}'

/** Where the group ends that opens at `start`: behind its bracket, or behind the last token. */
function endOf(tokens: readonly string[], start: number): number {
  let depth = 0
  for (let i = start; i < tokens.length; i++) {
    if (opening.includes(tokens[i]!)) depth++
    else if (closing.includes(tokens[i]!) && --depth === 0) return i + 1
  }
  return tokens.length
}

/** Positions of the tokens that match. */
const where = (tokens: readonly string[], match: RegExp): number[] =>
  tokens.flatMap((text, i) => (match.test(text) ? [i] : []))

/** An attribute, a group, a word, text or number, and how many tokens it is; undefined where there is none such. */
function partOf(tokens: readonly string[], chance: Chance): readonly [at: number, length: number] | undefined {
  const starts = where(tokens, /^[@([{"\w]/)
  if (starts.length === 0) return undefined
  const at = chance.pick(starts)
  if (opening.includes(tokens[at]!)) return [at, endOf(tokens, at) - at]
  const isAttribute = tokens[at]!.startsWith('@') && tokens[at + 1] === '('
  return [at, isAttribute ? endOf(tokens, at + 1) - at : 1]
}

const numbers = [
  '1e309',
  '-1e309',
  '1e-400',
  '9'.repeat(400),
  '9007199254740993',
  '-0',
  '0x' + 'f'.repeat(40),
  '2147483648',
  '-2147483649',
  '4294967296',
  '1.' + '3'.repeat(60),
  '00001',
  '1e',
  '-',
  '0x',
  'NaN',
  'Infinity',
]
const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'then',
  '__defineGetter__',
]
const oddities = ['\ud800', '\udc00', '\ud83d', '\u0000', '\ufeff', '\u2028', '\u202e', '\\ud800', '\\u0000', '\u{10ffff}', '\u007f', '\u0085'] // prettier-ignore
const tags = ['link', 'sync', 'unlink', 'command', 'linked', 'synced', 'unlinked', 'event', 'auth', 'deauth', 'authed', 'deauthed', 'nonsense', '__proto__', 'Event', 'x'.repeat(5000)] // prettier-ignore
const ops = ['@update', '@remove', '@clear', '@drop', '@take', '@move', '@bogus', '@', '@@']

/** What can be done to the tokens of a frame. `other` gives those of another frame. */
type Mutation = (tokens: string[], chance: Chance, other: () => string[]) => void

const onPart =
  (change: (part: string[], chance: Chance) => string[]): Mutation =>
  (tokens, chance) => {
    const part = partOf(tokens, chance)
    if (part === undefined) return
    const [at, length] = part
    tokens.splice(at, length, ...change(tokens.slice(at, at + length), chance))
  }

const onToken =
  (match: RegExp, change: (text: string, chance: Chance) => string): Mutation =>
  (tokens, chance) => {
    const all = where(tokens, match)
    if (all.length === 0) return
    const at = chance.pick(all)
    tokens[at] = change(tokens[at]!, chance)
  }

const wrap = (levels: number, [open, close]: readonly [string, string], part: readonly string[]): string[] => [
  open.repeat(levels),
  ...part,
  close.repeat(levels),
]

const brackets = [['{', '}'], ['(', ')'], ['[', ']'], ['@a(', ')'], ['{a:', '}'], ['{', ''], ['@a{', '}']] as const // prettier-ignore

export const mutations: Readonly<Record<string, Mutation>> = {
  'a part dropped': onPart(() => []),
  'a part doubled': onPart(part => [...part, ...part]),
  'a part doubled with a comma': onPart(part => [...part, ',', ...part]),
  'a part nested': onPart((part, chance) => wrap(1 + chance.below(3), chance.pick(brackets), part)),
  'a part very deep': onPart((part, chance) => wrap(chance.pick([200, 256, 257, 1500]), chance.pick(brackets), part)),
  'a part very long': onPart((part, chance) => {
    const text = part.join('') + ','
    return [text.repeat(Math.ceil(Math.min(chance.pick([50, 500]), mostChars / text.length)))]
  }),
  'a text very long': onToken(/^["\w]/, (text, chance) => text.repeat(chance.pick([100, 1000]))),
  'two names swapped': (tokens, chance) => {
    const all = where(tokens, /^@?\w/)
    if (all.length === 0) return
    const [a, b] = [chance.pick(all), chance.pick(all)]
    ;[tokens[a], tokens[b]] = [tokens[b]!, tokens[a]!]
  },
  'bodies exchanged': (tokens, _, other) => {
    const head = tokens[1] === '(' ? endOf(tokens, 1) : 1
    const from = other()
    tokens.splice(head, tokens.length, ...from.slice(from[1] === '(' ? endOf(from, 1) : 1))
  },
  'a part of another frame': (tokens, chance, other) => {
    const from = other()
    const [mine, its] = [partOf(tokens, chance), partOf(from, chance)]
    if (mine !== undefined && its !== undefined) tokens.splice(...mine, ...from.slice(its[0], its[0] + its[1]))
  },
  'two frames in one': (tokens, _, other) => void tokens.push(...other()),
  'a number huge': onToken(/^-?\d/, (_, chance) => chance.pick(numbers)),
  'a number for a part': onPart((_, chance) => [chance.pick(numbers)]),
  'a quote cut': onToken(/^"/, (text, chance) => (chance.is(0.5) ? text.slice(1) : text.slice(0, -1))),
  'quotes of another kind': onToken(/^["\w]/, (text, chance) => {
    const quote = chance.pick(["'", '`', '```', '"', '%'])
    return quote + text.replace(/^"|"$/g, '') + quote
  }),
  'an odd character': onToken(/[^]/, (text, chance) => {
    const at = chance.below(text.length + 1)
    return text.slice(0, at) + chance.pick(oddities) + text.slice(at)
  }),
  'a name of a prototype': onToken(/^["\w]/, (text, chance) => {
    const name = chance.pick(names)
    return text.startsWith('"') ? `"${name}"` : name
  }),
  'a slot of a prototype': onPart((part, chance) => ['{', chance.pick(names), ':', '{polluted:1}', ',', ...part, '}']),
  'another tag': (tokens, chance) => void (tokens[0] = '@' + chance.pick(tags)),
  'another operation': onToken(/^@(update|remove|clear|drop|take|move)$/, (_, chance) => chance.pick(ops)),
  'a token dropped': (tokens, chance) => void tokens.splice(chance.below(tokens.length), 1),
  'a bracket': (tokens, chance) =>
    void tokens.splice(chance.below(tokens.length + 1), 0, chance.pick([...opening, ...closing, ',', ':', ';', '#', '\n', '\\'])), // prettier-ignore
  'its end cut off': (tokens, chance) => void tokens.splice(chance.below(tokens.length)),
  'its start cut off': (tokens, chance) => void tokens.splice(0, chance.below(tokens.length)),
  'space about it': (tokens, chance) =>
    void tokens.splice(chance.below(tokens.length + 1), 0, chance.pick([' ', '\n', '\t\t', '# a comment\n', ' '.repeat(2000)])), // prettier-ignore
}

const all = Object.entries(mutations)
/** Long frames cost as much as many short ones, and are all alike: there are a quarter as many. */
const usual = all.filter(([name]) => !/very|space/.test(name))

/** Longer frames grow no further: what is done next would double them. */
const mostTokens = 5000
/** A frame with one mutation or some. */
export function mutate(frame: string, chance: Chance, other: () => string): string {
  let text = frame
  for (let left = 1 + chance.below(4); left > 0; left--) {
    const tokens = tokensOf(text)
    if (tokens.length > mostTokens) break
    const [, change] = chance.pick(chance.is(0.25) ? all : usual)
    change(tokens, chance, () => tokensOf(other()))
    text = tokens.join('')
  }
  return text.slice(0, mostChars)
}
