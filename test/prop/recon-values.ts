// Arbitrary values of the whole model, texts made of the grammar's own pieces, and a seed that a failure prints.
import fc from 'fast-check'
import { Attr, Record, Slot, type Item, type Value } from '../../src/recon/index.js'

const word = fc.constantFrom(
  'a',
  'id',
  'floor',
  'name',
  'true',
  'false',
  '',
  '@t',
  '10',
  '2',
  '0',
  '-1',
  '__proto__',
  'constructor',
  'toString',
  'é',
  '日本',
  'a b',
  'x"y',
  '\\',
  '\u0001',
  '😀',
)
const name = fc.oneof(word, fc.string({ unit: 'grapheme', maxLength: 20 }))

const scalar: fc.Arbitrary<Value> = fc.oneof(
  name,
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt(),
  fc.constantFrom<Value>(
    true,
    false,
    null,
    0,
    -0,
    0.1,
    1e21,
    2 ** 53,
    5e-324,
    1.7976931348623157e308,
    -(2n ** 63n),
    2n ** 64n,
  ),
  fc.uint8Array({ maxLength: 8 }),
)

/** Every kind of value that can be written. */
export const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value; item: Item }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        word,
        word.map(key => '@' + key),
      ),
      tie('value'),
      { maxKeys: 5 },
    ),
    fc.array(tie('item'), { maxLength: 4 }).map(items => new Record(items)),
  ),
  item: fc.oneof(
    tie('value'),
    fc.tuple(tie('value'), tie('value')).map(([key, held]) => new Slot(key, held)),
    fc.tuple(name, tie('value')).map(([key, held]) => new Attr(key, held)),
  ),
})).value

const pieces = [
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '@',
  'a',
  'b',
  '@a',
  '@b(',
  '@true',
  '"s"',
  "'q'",
  '`r`',
  '"\\n"',
  ':',
  ',',
  ';',
  '\n',
  ' ',
  '\t',
  '#c\n',
  '1',
  '-2',
  '0.5',
  '1e3',
  '0xff',
  '%AAE=',
  '%',
  'true',
  'false',
  '$',
  '+',
  '\\',
  '\\[',
  '日',
  '😀',
  '()',
  '{}',
  '[]',
  '@a(1)',
  'x:1',
  '{x:1,y:2}',
  '[t@b{1}u]',
  '12345678901234567890',
]

/** Texts that are often Recon, and otherwise nearly so. */
export const nearText = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map(parts => parts.join(''))
