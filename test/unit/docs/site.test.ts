// The site's own code: where links of pages lead on it, which links of a built site lead nowhere, and what its sidebar has.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { anchorOf, deadLinks, linkOf, repository } from '../../../docs/.vitepress/links.js'
import { sidebar } from '../../../docs/.vitepress/outline.js'

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url))

test.each([
  ['ERRORS.md', 'errors.md'],
  ['./ERRORS.md#when-nothing-comes', 'errors.md#when-nothing-comes'],
  ['#schemas', '#schemas'],
  ['https://www.swimos.org/A#B', 'https://www.swimos.org/A#B'],
  ['mailto:a@b.c', 'mailto:a@b.c'],
  ['/guide', '/guide'],
  ['../README.md', `${repository}/blob/main/README.md`],
  ['../README.md#words', `${repository}/blob/main/README.md#words`],
  ['../examples', `${repository}/tree/main/examples`],
])('a link of a page to %s leads to %s', (link, leadsTo) => {
  expect(linkOf(`${docs}guide.md`, link)).toBe(leadsTo)
})

test.each(['../nowhere.md', '../../elsewhere.md'])('a link to %s, a file that is not there, throws', link => {
  expect(() => linkOf(`${docs}guide.md`, link)).toThrow(`guide.md links to ${link}, which is not there`)
})

test.each([
  ['Own writes', 'own-writes'],
  ['`new SwimClient({ … })`', 'new-swimclient--'],
  ['Why: what is it?', 'why-what-is-it'],
  ['snake_case and kebab-case', 'snake_case-and-kebab-case'],
])('the anchor of the heading %s is %s', (heading, anchor) => {
  expect(anchorOf(heading)).toBe(anchor)
})

describe('links of a built site', () => {
  let site: string
  afterEach(() => rmSync(site, { recursive: true }))

  function build(files: Record<string, string>): void {
    site = mkdtempSync(join(tmpdir(), 'swimlink-site-'))
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(site, dirname(file)), { recursive: true })
      writeFileSync(join(site, file), text)
    }
  }

  const page = '<h2 id="there">There</h2>'

  test.each([
    ['a.html', true],
    ['./a.html#there', true],
    ['/a.html', true],
    ['/', true],
    ['#home', true],
    ['api/', true],
    ['mark.svg', true],
    ['https://elsewhere.org/b.html', true],
    ['//elsewhere.org/b.html', true],
    ['a.html#gone', false],
    ['b.html', false],
    ['a', false],
    ['#gone', false],
    ['other/', false],
    ['gone.svg', false],
  ])('%s leads somewhere: %s', (link, leads) => {
    build({
      'index.html': `<h1 id="home">Home</h1><a class="x" href="${link}">it</a>`,
      'a.html': page,
      'api/index.html': page,
      'mark.svg': '',
    })
    expect(deadLinks(site, '/')).toEqual(leads ? [] : [`index.html: ${link}`])
  })

  test('are looked up from where the site stands', () => {
    build({
      'index.html': '<a href="/base/a.html">1</a><a href="/a.html">2</a>',
      'a.html': '<img src="/base/gone.png">',
    })
    expect(deadLinks(site, '/base/').sort()).toEqual(['a.html: /base/gone.png', 'index.html: /a.html'])
  })

  test('are looked up from the page that they stand on', () => {
    build({ 'index.html': page, 'api/a.html': '<a href="../index.html#there">1</a><a href="index.html">2</a>' })
    expect(deadLinks(site, '/')).toEqual(['api/a.html: index.html'])
  })
})

test('the sidebar has each page of docs/ once, by its title', () => {
  const items = sidebar().flatMap(({ items }) => items!)
  const pages = readdirSync(docs).filter(name => name.endsWith('.md') && name !== 'index.md')
  expect(items.map(({ link }) => link).sort()).toEqual(pages.map(name => `/${name.slice(0, -3).toLowerCase()}`).sort())
  expect(items).toContainEqual({ text: 'The command line', link: '/cli' })
})
