// The order in which the pages are read: a page of docs/ that is not in it, or that it names in vain, ends the build.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const docs = fileURLToPath(new URL('..', import.meta.url))

/** By heading of the sidebar: the files of docs/, without `.md`. */
export const outline: Record<string, readonly string[]> = {
  Start: ['START', 'WORDS', 'GUIDE', 'LINKS', 'CACHE', 'TABS', 'BINDINGS', 'ENVIRONMENTS', 'COMING-FROM'],
  'See what happens': ['EMPTY-MAP', 'TESTING', 'INSPECT', 'CLI'],
  Hosts: ['HOST', 'PRODUCTION', 'INTEROP', 'SECURITY'],
  Reference: ['OPTIONS', 'ERRORS', 'RECON', 'PROTOCOL', 'ARCHITECTURE', 'PROOF'],
}

/** Addresses of pages are in lower case, whatever the file's name is. */
export const routeOf = (page: string): string => (page.includes('/') ? page : page.toLowerCase())

export function titleOf(page: string): string {
  const title = /^# (.*)$/m.exec(readFileSync(`${docs}${page}.md`, 'utf8'))?.[1]
  if (title === undefined) throw new Error(`docs/${page}.md has no heading: begin it with a line such as "# Maps"`)
  return title.replaceAll('`', '')
}

interface SidebarItem {
  readonly text: string
  readonly link?: string
  readonly collapsed?: boolean
  readonly items?: SidebarItem[]
}

/** The API reference: what TypeDoc wrote before this site is built; nothing, where it did not run. */
export function apiSidebar(): SidebarItem[] {
  const file = `${docs}api/typedoc-sidebar.json`
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SidebarItem[]).map(linkGroups) : []
}

/** A group such as `Classes` that is no link is a button with another in it, which screen readers can't tell apart. */
const linkGroups = (entry: SidebarItem): SidebarItem => ({
  ...entry,
  items: entry.items?.map(group => ({ link: `${entry.link}#${group.text.toLowerCase().replace(' ', '-')}`, ...group })),
})

export function sidebar(): SidebarItem[] {
  const listed = Object.values(outline).flat()
  const present = readdirSync(docs)
    .filter(name => name.endsWith('.md') && name !== 'index.md')
    .map(name => name.slice(0, -'.md'.length))
  const missing = present.filter(page => !listed.includes(page))
  if (missing.length > 0) throw new Error(`docs/.vitepress/outline.ts has no place for: ${missing.join(', ')}`)
  return Object.entries(outline).map(([text, pages]) => ({
    text,
    items: pages.map(page => ({ text: titleOf(page), link: `/${routeOf(page)}` })),
  }))
}
