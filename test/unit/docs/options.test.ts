// The tables of options in the documentation have them all, each with the default of the table that options are checked by, and
// so have their docstrings. docs/OPTIONS.md is made of both: see options-page.test.ts.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Row } from '../../../src/base/options.js'
import { listKind } from '../../../src/downlink/list/list-kind.js'
import { kinds } from '../../../src/client/kinds.js'
import { clientOptions } from '../../../src/client/options.js'
import { hostOptions } from '../../../src/host/options.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8')

/** Each option of a source, with its default where that is a number. */
const optionsOf = (source: string) =>
  Object.fromEntries(
    Array.from(source.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\n {2}readonly (\w+)\?:/g), ([, docstring, name]) => [
      name!,
      Number(/@default (\d+)/.exec(docstring!)?.[1]),
    ]),
  )

const units: Record<string, number> = { Mi: 2 ** 20, MiB: 2 ** 20, KiB: 2 ** 10 }
const numberOf = (text: string) => {
  const [, digits, unit] = /^`?([\d,]+)(?: (\w+))?`?$/.exec(text) ?? []
  return Number(digits?.replaceAll(',', '') ?? NaN) * (unit === undefined ? 1 : units[unit]!)
}

/** Each option of a page's table; a row of several names has as many defaults, or none. */
const tableOf = (page: string) =>
  Object.fromEntries(
    Array.from(
      page
        .split('\n## Options\n')[1]!
        .split('\n## ')[0]!
        .matchAll(/^\| (`.*?) \| (.*?) \|/gm),
    ).flatMap(([, names, defaults]) => {
      const list = Array.from(names!.matchAll(/`(\w+)/g), ([, name]) => name!)
      const numbers = list.length > 1 ? defaults!.split(', ').map(numberOf) : [numberOf(defaults!)]
      return list.map((name, i) => [name, numbers[i] ?? NaN])
    }),
  )

test.each([
  ['src/client/options.ts', clientOptions],
  ['src/host/options.ts', hostOptions],
])('the docstrings of %s have the defaults of the table', (source, table) => {
  const rows = Object.entries<Row>({ ...table })
  const defaults = rows.map(([name, row]) => [name, typeof row[0] === 'number' ? row[0] : NaN])
  expect(optionsOf(read(source))).toEqual(Object.fromEntries(defaults))
})

test('docs/HOST.md has the options of the host, each with its default', () => {
  expect(tableOf(read('docs/HOST.md'))).toEqual(optionsOf(read('src/host/options.ts')))
})

test('docs/GUIDE.md has the options of downlinks', () => {
  const table = read('docs/GUIDE.md').split('\n## Options of downlinks\n')[1]!.split('\n## ')[0]!
  const named = new Set(Array.from(table.matchAll(/`(\w+)`/g), ([, name]) => name))
  for (const options of Object.values({ ...kinds, downlinkList: listKind }).map(({ options }) => options)) {
    for (const [name, row] of Object.entries<Row>(options)) {
      if (row === 'a function') continue
      expect(named).toContain(name)
      if (typeof row === 'string') continue
      const [, stated] = table.match(new RegExp(`^\\| \`${name}\` \\|.*\\| (.*?) \\|$`, 'm')) ?? []
      expect(stated?.replaceAll(/[`']/g, '').split(/\W+/), name).toContain(String(row[0]))
    }
  }
})
