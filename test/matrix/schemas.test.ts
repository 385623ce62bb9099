// The cases of schemas with each library, at the ends of the versions that work.
import { join } from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pathOf } from '../../src/base/errors.js'
import type { SchemaError } from '../../src/index.js'
import { formOf, type Schema } from '../../src/schema/schema.js'
import { libraries, schemaTests, type Library } from '../support/schema-cases.js'
import { installed } from './install.js'
import { schemas } from './versions.js'

const folder = await installed('schemas', schemas)
const load = async (name: string): Promise<Library> => {
  const path = createRequire(join(folder, 'package.json')).resolve(name)
  const module = (await import(pathToFileURL(path).href)) as Library
  return 'default' in module && !('object' in module || 'type' in module || 'Schema' in module)
    ? module.default!
    : module
}

/** Entries of zod that are libraries of their own. */
const entries: Readonly<Record<string, readonly string[]>> = {
  'zod-3.25': ['zod-3.25', 'zod-3.25/v4', 'zod-3.25/v4-mini'],
  'zod-4.0': ['zod-4.0', 'zod-4.0/mini', 'zod-4.0/v3'],
  'zod-4.1': ['zod-4.1', 'zod-4.1/mini'],
  'zod-4.3': ['zod-4.3', 'zod-4.3/mini'],
  'zod-4.4': ['zod-4.4', 'zod-4.4/mini'],
  'zod-4.6': ['zod-4.6', 'zod-4.6/mini', 'zod-4.6/v3'],
}
const names = Object.keys(schemas).flatMap(alias => entries[alias] ?? [alias])
const loaded = await Promise.all(names.map(async name => [name, await load(name)] as const))

describe.each(loaded)('%s', (name, library) => {
  const kind = /^[a-z]+/.exec(name)![0] as keyof typeof libraries
  schemaTests(libraries[kind](library))
})

test('a library says where a value does not fit, deep within lists', () => {
  const places: Record<string, unknown> = {}
  for (const [name, library] of loaded) {
    const { rooms } = libraries[/^[a-z]+/.exec(name)![0] as keyof typeof libraries](library)
    try {
      formOf('schema', rooms as Schema).decode({ rooms: [{ guests: ['a'] }, { guests: [{ x: 1 }] }] }, undefined)
    } catch (error) {
      places[name] = Array.from((error as SchemaError).issues, issue => pathOf(issue).join('.'))
    }
  }
  expect(places).toEqual(Object.fromEntries(names.map(name => [name, ['rooms.1.guests.0']])))
})
