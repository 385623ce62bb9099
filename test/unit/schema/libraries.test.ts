// The cases of schemas with the libraries at hand, and with schemas of every look. Others, and older ones: test/matrix.
import * as v from 'valibot'
import { describe } from 'vitest'
import * as z from 'zod'
import * as m from 'zod/mini'
import type { Schema } from '../../../src/schema/schema.js'
import { libraries, schemaTests, type Library } from '../../support/schema-cases.js'

const { zod, valibot } = libraries
describe('zod', () => schemaTests(zod(z as unknown as Library)))
describe('zod/mini', () => schemaTests(zod(m as unknown as Library)))
describe('valibot', () => schemaTests(valibot(v as unknown as Library)))
describe('valibot that stops at its first issue', () =>
  schemaTests(
    Object.fromEntries(
      Object.entries(valibot(v as unknown as Library)).map(([name, schema]) => [
        name,
        v.config(schema as v.GenericSchema, { abortEarly: true }),
      ]),
    ) as unknown as ReturnType<typeof valibot>,
  ))

/** Standard Schema and nothing of the library it is of, as something of another look. */
const looks: Record<string, (standard: Schema['~standard']) => unknown> = {
  'an object': standard => Object.freeze({ '~standard': Object.freeze(standard) }),
  'a function': standard => Object.assign(() => 5, { '~standard': standard }),
  'a function without the methods of functions': standard =>
    Object.setPrototypeOf(
      Object.assign(() => 5, { '~standard': standard }),
      null,
    ),
  'a class': standard =>
    class {
      static get '~standard'() {
        return standard
      }
    },
  'an instance, by its prototype': standard =>
    new (class {
      get '~standard'() {
        return standard
      }
      async parse() {
        return 5
      }
    })(),
  'a proxy': standard => new Proxy(() => {}, { get: (_, name) => (name === '~standard' ? standard : undefined) }),
  'one with asynchronous methods of its own': standard => ({
    '~standard': standard,
    async: true,
    parseAsync: async () => 5,
    safeParse: () => {
      throw new Error('this is not zod')
    },
  }),
}
const cases = valibot(v as unknown as Library)
describe.each(Object.entries(looks))('a schema that looks like %s', (_name, look) =>
  schemaTests(
    Object.fromEntries(
      Object.entries(cases).map(([name, schema]) => [name, look((schema as Schema)['~standard'])]),
    ) as unknown as typeof cases,
  ),
)
