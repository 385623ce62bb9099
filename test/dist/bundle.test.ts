import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const dist = `${root}dist/`
const read = (file: string) => readFileSync(dist + file, 'utf8')
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
// The command is a program for Node, in one file without a source map.
const scripts = files.filter(file => file.endsWith('.js') && !file.startsWith('cli/'))
const forPages = scripts.filter(file => !file.startsWith('node/'))

/** All that a module imports, by its own text: `from '…'`, `import '…'` and `import('…')`. */
const imports = (text: string): string[] =>
  Array.from(text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g), ([, name]) => name!)

/** A script of the whole of one entry, packages included, as a page without modules would have it. */
async function inOne(file: string, platform: 'browser' | 'neutral' = 'browser'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [dist + file],
    bundle: true,
    format: 'iife',
    platform,
    mainFields: ['module', 'main'],
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

describe('bundles for pages', () => {
  it.each(forPages)('%s has no trace of ws, nor of anything of Node’s', file => {
    const node = new Set([...builtinModules, 'ws', 'isomorphic-ws'])
    expect(imports(read(file)).filter(name => node.has(name) || name.startsWith('node:'))).toEqual([])
    expect(read(file)).not.toMatch(/\brequire\s*\(|\bprocess\.|\bBuffer\b|ws does not work|perMessageDeflate[^:]/)
  })

  it('takes nothing of ws in where a bundler knows of no browser either', async () => {
    expect(await inOne('browser/index.js', 'neutral')).not.toMatch(/WebSocketServer|Sec-WebSocket|permessage-deflate/i)
  })

  it('are one file without any import, for script tags', () => {
    expect(imports(read('swimlink.min.js'))).toEqual([])
  })

  it('keep what stores each key apart, where a minifier would rather have one of them', () => {
    const stores = [...read('swimlink.min.js').matchAll(/case (\d+):return (\w+\[\w+\]=\w+),\1\b/g)]
    expect(stores.map(([, line]) => Number(line))).toEqual(Array.from({ length: 12 }, (_, line) => line))
  })

  it('hand on the licences of what they have taken in', () => {
    expect(read('swimlink.min.js.LICENSES.txt')).toMatch(/^isomorphic-ws$[^]*^mitt$[^]*Jason Miller/m)
    expect(read('browser/LICENSES.txt')).toMatch(/^isomorphic-ws$[^]*Zejin Zhuang/m)
  })

  it.each(scripts)('%s makes no code of texts, which a strict Content-Security-Policy forbids', file => {
    expect(read(file)).not.toMatch(/\beval\s*\(|\bnew Function\b|\bFunction\s*\(/)
  })

  it.each(scripts)('%s has a source map with its sources', file => {
    expect(read(file)).toMatch(new RegExp(`//# sourceMappingURL=${file.split('/').at(-1)}.map\\s*$`))
    const map = JSON.parse(read(`${file}.map`)) as { sources: string[]; sourcesContent: (string | null)[] }
    // What only hands on what shared files have is no source of anything.
    const ownCode = read(file)
      .replace(/^(import|export) [^;]*;$|^\/\/.*$/gm, '')
      .trim()
    if (ownCode !== '') expect(map.sources.length).toBeGreaterThan(0)
    expect(map.sourcesContent.filter(text => text === null)).toEqual([])
  })

  it.each(forPages.filter(file => !file.includes('shared/')))('%s does nothing when it is imported', async file => {
    // What every JavaScript platform has, and no more: no window, no document, no WebSocket, no timers.
    const given = { TextEncoder, TextDecoder, URL }
    const seen = new Set<string>()
    const context = new Proxy({ ...given } as Record<string, unknown>, {
      set: (target, name, value) => (seen.add(String(name)), Reflect.set(target, name, value)),
      defineProperty: (target, name, descriptor) => (
        seen.add(String(name)),
        Reflect.defineProperty(target, name, descriptor)
      ),
    })
    vm.runInNewContext(`{${await inOne(file)}}`, context)
    // Vue's and zod's own, for two copies of them on one page.
    expect([...seen].filter(name => !/^__(VUE|zod)_/.test(name))).toEqual([])
  })
})

describe('what Node loads', () => {
  const entries = Object.keys((JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { exports: object }).exports)
    .filter(name => !name.endsWith('.json'))
    .map(name => `swimlink${name.slice(1)}`)

  it.each(entries)('%s is imported without window, without a handle left open, and without a new global', name => {
    const script = `
      const before = Object.getOwnPropertyNames(globalThis)
      await import(${JSON.stringify(name)})
      const left = process.getActiveResourcesInfo().filter(type => !/^(TTY|Pipe|FSReq|CloseReq)/.test(type))
      const made = Object.getOwnPropertyNames(globalThis).filter(each => !before.includes(each) && !/^__(VUE|zod)_/.test(each))
      console.log(JSON.stringify({ left, made }))`
    const out = execFileSync('node', ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' })
    expect(JSON.parse(out)).toEqual({ left: [], made: [] })
  })

  it('has flat types: a declaration file for each entry, and no import of a file that is not shipped', () => {
    for (const file of files.filter(file => file.endsWith('.d.ts'))) {
      for (const name of imports(read(file)).filter(name => name.startsWith('.'))) {
        const target = new URL(name, `file:///${file}`).pathname.slice(1).replace(/\.js$/, '.d.ts')
        expect(files, `${name} in ${file}`).toContain(target)
      }
      expect(read(file)).not.toMatch(/from ['"](mitt|isomorphic-ws|ws)['"]/)
    }
  })
})
