// docs/SECURITY.md names the limits of the host with the defaults that HOST.md has, which are those of the code.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (file: string) => readFileSync(new URL(`../../../docs/${file}`, import.meta.url), 'utf8')

/** Each option of a table's rows with its default, as they are spelled. */
const defaultsOf = (page: string, column: number): [string, string][] =>
  page
    .split('\n')
    .filter(line => /^\|.*`(max|handshake|heartbeat)/.test(line))
    .flatMap(line => {
      const cells = line.split('|').map(cell => cell.trim())
      const names = cells[column]!.match(/`\w+`/g) ?? []
      const values = cells[column + 1]!.replace(' a socket', '').split('; ')
      return names.map((name, i): [string, string] => [name, values[i]!])
    })

test('the limits are those of the options', () => {
  const options = new Map(defaultsOf(read('HOST.md'), 1))
  const limits = defaultsOf(read('SECURITY.md'), 2)
  expect(limits.map(([name]) => name).sort()).toEqual([...options.keys()].sort())
  for (const [name, value] of limits) expect(`${name} ${value}`).toBe(`${name} ${options.get(name)}`)
})
