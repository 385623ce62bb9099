// docs/PROOF.md says what checks each promise: all that it names is there.
import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

const page = read('docs/PROOF.md')
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).map(file => `test/${file}`)
const tests = files.filter(file => file.endsWith('.test.ts')).map(file => [file, read(file)] as const)
const found = (pattern: RegExp) => [...new Set(Array.from(page.matchAll(pattern), ([, name]) => name!))]

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

test.each(['test', ...found(/npm run ([\w:]+)/g)])('npm run %s is a script', name => {
  expect(Object.keys(scripts)).toContain(name)
})

const paths = found(/\b(test\/[\w./-]+)/g).map(path => path.replace(/[.]$/, ''))

test.each(paths)('%s is there', path => {
  expect([...files, ...scripts.test!.split(' ')]).toContain(path)
})

test.each(found(/\b([\w-]+\.test\.ts)\b/g))('%s is a file of tests', name => {
  expect(tests.map(([file]) => basename(file))).toContain(name)
})

const variables = found(/\b([A-Z]+_[A-Z]+|SEED)\b/g)

test.each(variables)('a test reads %s', name => {
  const reads = new RegExp(`process\\.env\\['${name}'\\]|\\{[^}]*\\b${name}\\b[^}]*\\} = process\\.env`)
  expect(tests.filter(([, text]) => reads.test(text)).length).toBeGreaterThan(0)
})

describe('a fault that is mended', () => {
  const rows = [
    ...page
      .split('## What failed on the way')[1]!
      .split('\n## ')[0]!
      .matchAll(/^\| (?!-|What )(.*) \|$/gm),
  ]

  test.each(rows.map(([, row]) => row!.split(' | ')))('%s: is held by a test of that name', (_, _1, held) => {
    const [, link, title] = /\]\(\.\.\/(test\/[\w./-]+)\): `(.*?)`/.exec(held!) ?? []
    expect(read(link!)).toContain(`'${title!}'`)
  })

  test('is not the only one', () => expect(rows.length).toBeGreaterThan(10))
})

test('it names some of each', () => {
  expect(paths.length).toBeGreaterThan(20)
  expect(variables.length).toBeGreaterThan(15)
})
