// Every link between the project's own pages leads somewhere: the file is there, and so is the heading.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { anchorOf } from '../../../docs/.vitepress/links.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

const pages = ['.', 'docs', 'examples', 'demo', 'bench', 'test/interop', 'test/prove'].flatMap(folder =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder))
        .filter(name => name.endsWith('.md'))
        .map(name => join(folder, name))
    : [],
)

const withoutCode = (text: string) => text.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '')

const anchorsOf = (page: string) =>
  new Set([...readFileSync(join(root, page), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!)))

const links = pages.flatMap(page =>
  [...withoutCode(readFileSync(join(root, page), 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link!)
    .filter(link => !/^\w+:/.test(link))
    .map(link => [page, link] as const),
)

test.each(links)('%s leads to %s', (page, link) => {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  expect(existsSync(join(root, target)), `${target} is there`).toBe(true)
  if (anchor !== undefined) expect([...anchorsOf(target)]).toContain(anchor)
})
