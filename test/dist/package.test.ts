// What npm packs: what the README links to is in it, source maps are little of it, and package.json says what it must.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { packing } from '../support/consumer.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string) => readFileSync(root + file, 'utf8')

interface Manifest {
  readonly version: string
  readonly author: string
  readonly homepage: string
  readonly repository: { readonly url: string }
  readonly bugs: { readonly url: string }
  readonly engines: { readonly node: string }
  readonly exports: Record<string, unknown>
  readonly typesVersions: { readonly '*': Record<string, readonly string[]> }
  readonly peerDependencies: Record<string, string>
  readonly peerDependenciesMeta: Record<string, { readonly optional: boolean }>
}
const manifest = JSON.parse(read('package.json')) as Manifest

const { files, unpackedSize } = await packing()
const packed = new Set(files.map(({ path }) => path))

/** But for photographs of the demo, which a registry shows from the repository, and which would be a fifth of the package. */
const linksOf = (file: string) =>
  Array.from(
    read(file)
      .replace(/^```[^]*?^```/gm, '')
      .matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g),
    ([, link]) => link!,
  ).filter(link => !/^\w+:|\.png$/.test(link))

test.each([...new Set([...linksOf('README.md'), ...linksOf('llms.txt')])])(
  'the link of README.md or llms.txt to %s travels with the package',
  link => {
    expect(packed.has(link) || [...packed].some(path => path.startsWith(link.replace(/\/?$/, '/')))).toBe(true)
  },
)

test('the page to start by names this version where it names one', () => {
  expect(read('docs/START.md').match(/swimlink@[\d.]+\d/g)).toEqual([`swimlink@${manifest.version}`])
})

test('the changelog says what is in this version', () => {
  const entry = read('CHANGELOG.md')
    .split(/^## /m)
    .find(text => new RegExp(`^${manifest.version}( - \\d{4}-\\d\\d-\\d\\d)?\n`).test(text))
  expect(entry).toMatch(/^### Added\n\n- /m)
})

test.each(['LICENSE', 'SECURITY.md', 'CONTRIBUTING.md', 'CODE_OF_CONDUCT.md', 'llms.txt'])(
  '%s travels with the package',
  file => expect(packed).toContain(file),
)

test('no declaration that is packed is marked as internal', () => {
  const declarations = [...packed].filter(path => path.endsWith('.d.ts') && path.startsWith('dist/'))
  expect(declarations.length).toBeGreaterThan(10)
  expect(declarations.filter(path => read(path).includes('@internal'))).toEqual([])
})

test('nothing of the site travels with the package but its pages', () => {
  const pages = /^docs\/((?!index)[\w-]+\.md|images\/[\w-]+\.svg)$/
  expect([...packed].filter(path => path.startsWith('docs/') && !pages.test(path))).toEqual([])
})

describe('source maps', () => {
  const maps = files.filter(({ path }) => path.endsWith('.map'))

  test('are less than a quarter of the package', () => {
    const size = maps.reduce((sum, map) => sum + map.size, 0)
    expect(maps.length).toBeGreaterThan(10)
    expect(size).toBeLessThan(unpackedSize / 4)
  })

  test.each(maps.map(({ path }) => path))('%s leads to sources that are packed', path => {
    const { sources } = JSON.parse(read(path)) as { sources: string[] }
    const own = sources.map(source => join(dirname(path), source)).filter(source => !source.includes('node_modules'))
    expect(own.filter(source => !packed.has(source))).toEqual([])
    // What only hands on what shared files have is no source of anything.
    const ownCode = read(path.slice(0, -'.map'.length)).replace(/^(import|export) [^;]*;$|^\/\/.*$/gm, '')
    if (ownCode.trim() !== '') expect(own.length).toBeGreaterThan(0)
  })
})

describe('package.json', () => {
  test('has one placeholder for who keeps it, that is plainly one', () => {
    expect(manifest.author).toBe('AUTHOR')
    for (const url of [manifest.homepage, manifest.repository.url, manifest.bugs.url]) {
      expect(url).toMatch(/^(git\+)?https:\/\/github\.com\/OWNER\/swimlink/)
    }
  })

  test('blocks no install by a range of a peer', () => {
    for (const [name, range] of Object.entries(manifest.peerDependencies)) {
      expect(range, name).toBe('*')
      expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true })
    }
  })

  test('says what `require` of an ES module needs', () => {
    expect(manifest.engines.node).toBe('^20.19.0 || >=22.12.0')
  })

  test('has the types of each entry for compilers that read no exports', () => {
    for (const [name, target] of Object.entries(manifest.exports)) {
      if (name === '.' || typeof target !== 'object') continue
      const { types } = target as { types: string }
      expect(manifest.typesVersions['*'][name.slice(2)]).toEqual([types])
      expect(existsSync(root + types.slice(2))).toBe(true)
    }
  })
})

test('no script has syntax that the preset of React Native refuses', () => {
  for (const { path } of files.filter(({ path }) => path.endsWith('.js')))
    expect(read(path), path).not.toMatch(/\bstatic ?\{/)
})
