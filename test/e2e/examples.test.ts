// The built package: every example runs against the host of examples/host.mjs and prints what its head says; the core holds no zod.
import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { builtPackage } from '../support/built.js'
import { runChild } from '../support/child.js'

const folder = new URL('../../examples/', import.meta.url)
const names = readdirSync(folder).filter(name => name.endsWith('.mjs') && name !== 'host.mjs')
const textOf = (name: string) => readFileSync(new URL(name, folder), 'utf8')

let host: ChildProcess
let hostUri: string

beforeAll(async () => {
  const root = await builtPackage()
  host = spawn(process.execPath, ['examples/host.mjs', '0'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  hostUri = await new Promise(resolve => host.stdout!.once('data', chunk => resolve(String(chunk).trim())))
})

afterAll(() => host.kill())

describe('an example', () => {
  test.concurrent.each(names)('prints what it says: %s', async name => {
    const text = textOf(name)
    const head = text.slice(0, text.search(/^import/m))
    const said = head.slice(head.indexOf('// Prints:\n')).split('\n').slice(1)
    const expected = said.filter(line => line !== '').map(line => line.replace(/^\/\/ /, ''))
    expect(expected.length).toBeGreaterThan(0)
    const { code, stdout, stderr } = await runChild(`examples/${name}`, [], 15_000, [hostUri])
    expect(stderr).toBe('')
    expect(stdout.trimEnd().split('\n')).toEqual(expected)
    expect(code).toBe(0)
  })

  test('is short, and imports the package as its users do', () => {
    for (const name of [...names, 'host.mjs']) {
      expect(textOf(name).split('\n').length).toBeLessThan(90)
      expect(textOf(name)).not.toMatch(/from '\./)
    }
  })
})

describe('the core', () => {
  test.each(['dist/node/index.js', 'dist/browser/index.js', 'dist/swimlink.min.js'])('holds no zod: %s', async file => {
    const root = await builtPackage()
    const read = (path: string): string[] => {
      const text = readFileSync(root + path, 'utf8')
      const imported = [...text.matchAll(/^(?:import|export)[^'"]*['"]([^'"]+)['"]/gm)].map(match => match[1]!)
      const { sources } = JSON.parse(readFileSync(`${root}${path}.map`, 'utf8')) as { sources: string[] }
      const inner = imported.filter(name => name.startsWith('.')).map(name => new URL(name, `file:///${path}`).pathname)
      return [...imported, ...sources, ...inner.flatMap(name => read(name.slice(1)))]
    }
    const parts = read(file)
    expect(parts.some(part => part.includes('schema.ts'))).toBe(true)
    expect(parts.filter(part => /\bzod\b/.test(part))).toEqual([])
  })
})
