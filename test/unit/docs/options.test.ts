// The tables of options have them all, each with the default that its docstring says.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

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
  ['README.md', 'src/client/options.ts'],
  ['docs/HOST.md', 'src/host/options.ts'],
])('%s has the options of %s', (page, source) => {
  const options = optionsOf(read(source))
  expect(Object.keys(options).length).toBeGreaterThan(15)
  expect(tableOf(read(page))).toEqual(options)
})
