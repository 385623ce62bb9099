// Families of texts: each name stands for a way of making a text of any length, and no way may be dear to read. Some are what was
// dear once or easily could be; the rest are made by chance from a seed.

/** A text of about `length` characters. */
export type Family = (length: number) => string

/** Numbers in [0, 1) from a seed. */
export const chance = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

const keys = (count: number, key = (i: number) => `k${i.toString(36)}`) =>
  Array.from({ length: count }, (_, i) => key(i))
const record = (names: string[], value = '') => `{${names.map(name => `${name}:${value}`).join()}}`
const repeat =
  (part: string, [open, close] = ['', '']): Family =>
  length =>
    open + part.repeat(Math.max(1, Math.round(length / part.length))) + close
const within = (part: string) => repeat(part, ['{', '}'])
/** Numbered parts, each other than all before. */
const series =
  (part: (i: number) => string, [open, close] = ['', '']): Family =>
  length => {
    let text = open!
    for (let i = 0; text.length < length; i++) text += part(i)
    return text + close
  }
const nested = (open: string, close: string, depth = 250) => repeat(open.repeat(depth) + close.repeat(depth) + ',')

/** What all others are measured by: records of three short keys, numbers and a text. */
export const plain: Family = series(i => `{id:${i % 100},x:${i % 7},name:n${i % 10}},`)

const wide = (width: number): { [name: string]: Family } => {
  const names = keys(width)
  const all = record(names) + ','
  const near = record([...names.slice(0, -1), 'zz']) + ','
  const turned = record([...names].reverse()) + ','
  return {
    [`records of ${width} keys`]: repeat(all),
    [`records of ${width} keys, four times, then short ones`]: length => all.repeat(4) + repeat('{k0:},')(length),
    [`records of ${width} keys, one in two short`]: repeat(all + '{k0:},'),
    [`records of ${width} keys, one in four short`]: repeat(all.repeat(3) + '{k0:},'),
    [`records of ${width} keys, one in five empty`]: repeat(all.repeat(4) + '{},'),
    [`records of ${width} keys, the last of which changes`]: repeat(all + near),
    [`records of ${width} keys, the last of which changes every third time`]: repeat(all.repeat(3) + near.repeat(3)),
    [`records of ${width} keys, in turned order every fourth time`]: repeat(all.repeat(4) + turned.repeat(4)),
    [`records of ${width} keys and an item`]: repeat(record(names).slice(0, -1) + ',2},'),
    [`records of ${width} keys in one of them`]: repeat(record(names, '{k0:}') + ','),
  }
}

const longKey = 'a'.repeat(60)

export const known: { [name: string]: Family } = {
  ...Object.assign({}, ...[1, 2, 5, 13, 40, 128, 129, 500].map(wide)),
  lifts: series(
    i =>
      `{id:${i},floor:${(i * 7) % 40},occupied:${i % 2 === 0},name:"Lobby ${i % 5 ? 'east' : 'west'}",load:0.${i % 100}},`,
  ),
  'empty records': repeat('{},'),
  'keys that take turns': repeat('{a:1},{b:1},'),
  'keys that take turns by twos': repeat('{a:1},{a:1},{b:1},{b:1},'),
  'keys that take turns by threes': repeat('{a:},{a:},{a:},{b:},{b:},{b:},'),
  'long keys that differ in the last letter': repeat(`{${longKey}x:1},{${longKey}y:1},`),
  'longer keys that differ in the last letter': repeat(`{${longKey.repeat(4)}x:1},{${longKey.repeat(4)}y:1},`),
  'a spelling that takes turns': repeat('{a:1},{a :1},'),
  'a long spelling that takes turns': repeat(`{${' '.repeat(200)}a:1},{${' '.repeat(200)} a:1},`),
  'records that grow': series(i => record(keys((i % 128) + 1)) + ','),
  'records that shrink': series(i => record(keys(128 - (i % 128))) + ','),
  'records that grow far': series(i => record(keys((i % 500) + 1)) + ','),
  'keys that move on': series(i => record(keys(8, j => `k${(i + j) % 100}`)) + ','),
  'a key of its own in each': series(i => `{x${i}:1},`),
  'keys of one record': series(i => `x${i}:1,`, ['{', '}']),
  'one key in one record': within('a:1,'),
  'keys that are numbers': series(i => `"${i}":1,`, ['{', '}']),
  'slots of numbers': within('1:1,'),
  'keys of prototypes': repeat('{__proto__:1},{constructor:},{toString:},'),
  'keys of prototypes in one record': within('valueOf:1,'),
  'keys that are not ASCII': repeat('{é:1},'),
  'keys with escapes': repeat('{"\\n":1},'),
  'more places than are remembered': series(i => record(keys(64), record(keys((i % 64) + 1), '{}')) + ',', ['{', '}']),
  'places within places': series(i => `{${keys(9).join(':{')}:{k${i}:{a:}${'}'.repeat(9)},`),
  commas: within(','),
  digits: within('1,'),
  identifiers: within('a,'),
  booleans: within('true,'),
  'short texts': within('"a",'),
  'short texts in single quotes': within("'a',"),
  'short texts in back-ticks': within('`a`,'),
  'texts of forty characters': within(`"${'x'.repeat(40)}",`),
  'identifiers that are not ASCII': within('é,'),
  'texts that are not ASCII': within('"é",'),
  'a text that is not ASCII': repeat('é', ['"', '"']),
  'a text': repeat('abcd', ['"', '"']),
  'a text of escapes': repeat('\\n', ['"', '"']),
  'a text of code points': repeat('\\u0041', ['"', '"']),
  'a text of escaped quotes': repeat('\\"', ['"', '"']),
  'a text of escapes that JSON has not': repeat('\\$', ['"', '"']),
  'a text of escapes in single quotes': repeat('\\n', ["'", "'"]),
  'a text in back-ticks of escapes': repeat('\\`', ['`', '`']),
  'a text in three back-ticks': repeat('`a', ['```', '```']),
  'texts with escapes': within(`"${'x'.repeat(20)}\\n",`),
  'long texts with escapes': within(`"${'x'.repeat(1200)}\\n",`),
  'long texts with escapes that JSON has not': within(`"${'x'.repeat(1200)}\\$",`),
  'short texts with escapes': within('"\\n",'),
  'texts with escapes, then none': length => `{${repeat('"\\n",')(length / 2)}${repeat('a,')(length / 2)}}`,
  data: within('%AAAA,'),
  'long data': repeat('AAAA', ['%', '']),
  'integers of ten thousand digits': within('9'.repeat(10_000) + ','),
  'integers of twenty digits': within('12345678901234567890,'),
  decimals: repeat('1', ['0.', '']),
  'short decimals': within('1.5,'),
  exponents: within('1e5,'),
  'negative numbers': within('-1,'),
  'hexadecimal numbers': within('0xf,'),
  comments: within('#\n'),
  'long comments': within(`#${'x'.repeat(70)}\n`),
  blanks: within(' '),
  'line breaks': within('\n'),
  'blanks after items': within(`1${' '.repeat(50)},`),
  'blanks after records': within(`{a:1}${' '.repeat(50)},`),
  'blanks around keys': repeat('{ a : 1 , b : 2 },'),
  'line breaks, then an error': repeat('\n', ['{', '$']),
  'parentheses with nothing': within('(),'),
  'parentheses with items': within('(1,2),'),
  'attributes in a row': repeat('@a'),
  'attributes apart': repeat('@a,'),
  'attributes with parameters': repeat('@a(1),'),
  'attributes with slots': repeat('@a(b:1),'),
  'attributes between records': repeat('@a{x:1}'),
  'attributes between records, all unlike': series(i => `@a${i}{x${i}:}`),
  'items and slots': repeat('{a:1,2},'),
  'items after slots': repeat('{a:1,b:2,c:3,4},{a:1,b:2,c:3},'),
  'braces in braces': nested('{', '}'),
  'records in records': nested('{a:', '}'),
  'records in records, all the way unlike': series(i => `{a${i % 7}:`.repeat(200) + '}'.repeat(200) + ','),
  'parentheses in parentheses': nested('(', ')'),
  'brackets in brackets': nested('[', ']'),
  'attributes in attributes': nested('@a(', ')', 120),
  markup: repeat('[a@b[c]d]'),
  'markup of brackets': repeat('[]', ['[', ']']),
  'markup of escapes': repeat('\\n', ['[', ']']),
  'separators of all kinds': within('a:1;\n'),
  'a record, then another item': length => `${within(',')(length)},1`,
}

/** A family made by chance: a few shapes of records, how often each comes in a row, and what is around them. */
export function randomFamily(next: () => number): Family {
  const int = (below: number) => Math.floor(next() * below)
  const pick = <T>(list: readonly T[]) => list[int(list.length)]!
  // From 1 to 500, half of them below 23.
  const width = () => Math.floor(500 ** next())
  const names = () => {
    const count = width()
    const prefix = pick(['k', 'k', 'k', 'key', longKey, 'é', '@k', 'k '])
    const from = pick([0, 0, 0, 1, int(500)])
    return keys(count, i => {
      const name = prefix + (i + from).toString(36)
      return pick([true, true, false]) && /^\w+$/.test(name) ? name : name.startsWith('@') ? `"x${name}"` : `"${name}"`
    })
  }
  const value = pick([
    '',
    '',
    '1',
    'x',
    '"a b"',
    '-1.5',
    '{a:}',
    '{1,2}',
    '@t',
    '@t(1){a:}',
    '"\\n"',
    '()',
    '%AAAA',
    ' 1 ',
  ])
  const first = names()
  const shapes = [first]
  while (shapes.length < 4 && next() < 0.7)
    shapes.push(
      pick([
        () => names(),
        () => first.slice(0, 1 + int(first.length)),
        () => [...first, 'more'],
        () => [...first.slice(0, -1), 'other'],
        () => [...first].reverse(),
        () => first.filter(() => next() < 0.8),
        () => [],
      ])(),
    )
  const texts = shapes.map(shape => record(shape, pick([value, value, ''])))
  const runs = texts.map(() => 1 + int(5))
  const depth = pick([0, 0, 0, 1, 3, 30, 200])
  const [open, close] = pick([
    ['{a:', '}'],
    ['{', '}'],
    ['@t(', ')'],
    ['[', ']'],
  ] as const)
  const by = pick(['turns', 'chance', 'once'])
  const seed = int(2 ** 31)
  return length => {
    const again = chance(seed)
    let text = ''
    let i = 0
    const add = (part: string) => (text += open.repeat(depth) + part + close.repeat(depth) + ',')
    // The longest come first and only once, and then the shortest.
    if (by === 'once') for (let n = 0; n < 4; n++) texts.slice(0, -1).forEach(add)
    while (text.length < length) {
      const shape =
        by === 'once' ? texts.length - 1 : by === 'turns' ? i++ % texts.length : Math.floor(again() * texts.length)
      for (let n = 0; n < runs[shape]! && text.length < length; n++) add(texts[shape]!)
    }
    return text
  }
}
