// Links that are true on GitHub and on the site: headings have one anchor on both, files outside of docs/ are those of the
// repository, addresses of pages are in lower case, and a link of the built site that leads nowhere ends the build.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MarkdownRenderer } from 'vitepress'
import { docs, routeOf } from './outline.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { repository: { url: string } }

export const repository = manifest.repository.url.replace(/^git\+/, '').replace(/\.git$/, '')

/** The anchor of a heading, as GitHub makes it: lower case, punctuation gone, spaces as hyphens. */
export const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')

/** Where a relative link of a page leads: another page's address, or a file of the repository where it is outside of docs/. */
export function linkOf(page: string, link: string): string {
  const [, path = '', rest = ''] = /^([^#?]*)(.*)$/.exec(link)!
  if (path === '' || /^(\w+:|\/)/.test(path)) return link
  const target = join(dirname(page), path)
  const inDocs = relative(docs, target)
  if (!inDocs.startsWith('..')) return relative(dirname(page), join(docs, routeOf(inDocs))) + rest
  const file = relative(root, target)
  if (file.startsWith('..') || !existsSync(target)) throw new Error(`${page} links to ${link}, which is not there`)
  return `${repository}/${statSync(target).isDirectory() ? 'tree' : 'blob'}/main/${file}${rest}`
}

/** Has the links of each page lead on the site where they do in the repository. */
export function linkAsInRepository(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('links-as-in-repository', ({ tokens, env }) => {
    const { path } = env as { path: string }
    for (const token of tokens.flatMap(({ children }) => children ?? []))
      if (token.type === 'link_open') token.attrSet('href', linkOf(path, token.attrGet('href') ?? ''))
  })
}

/** Links of the built site that lead nowhere: the page, and the link. */
export function deadLinks(site: string, base: string): string[] {
  const files = readdirSync(site, { recursive: true, encoding: 'utf8' })
  const pages = new Map(
    files
      .filter(file => file.endsWith('.html'))
      .map(file => {
        const html = readFileSync(join(site, file), 'utf8')
        return [file, { html, ids: new Set(Array.from(html.matchAll(/ id="([^"]*)"/g), ([, id]) => id!)) }] as const
      }),
  )
  const present = new Set(files)
  const leads = (page: string, link: string): boolean => {
    const { pathname, hash } = new URL(link, `http://site${base}${page}`)
    if (!pathname.startsWith(base)) return false
    const path = decodeURI(pathname.slice(base.length))
    const file = path === '' || path.endsWith('/') ? `${path}index.html` : path
    if (hash === '' || !file.endsWith('.html')) return present.has(file)
    return pages.get(file)?.ids.has(decodeURIComponent(hash.slice(1))) ?? false
  }
  return [...pages].flatMap(([page, { html }]) =>
    [...new Set(Array.from(html.matchAll(/ (?:href|src)="([^"]*)"/g), ([, link]) => link!.replaceAll('&amp;', '&')))]
      .filter(link => !/^(?:\w+:|\/\/)/.test(link) && !leads(page, link))
      .map(link => `${page}: ${link}`),
  )
}
