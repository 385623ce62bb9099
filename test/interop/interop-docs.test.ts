// docs/INTEROP.md has a paragraph for each difference between hosts, with frames, and the table says what host-kind.ts says.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { embedded, java, rust, type Differences } from './hosts/host-kind.js'

const doc = readFileSync(new URL('../../docs/INTEROP.md', import.meta.url), 'utf8')

test.each(Object.keys(rust.differences) as (keyof Differences)[])('docs/INTEROP.md shows: %s', name => {
  const [, paragraph] = new RegExp(`\n### ${name}\n([^]*?)\n##`).exec(doc) ?? []
  expect(paragraph).toMatch(/```\nRust {2}|```\nJava {2}/)
  const row = [rust, java, embedded].map(kind => kind.differences[name]).join(' | ')
  expect(doc).toContain(`\n| ${name} | ${row} |\n`)
})
