// The site: the pages of docs/ as they are in the repository. `npm run docs` builds it into docs/.vitepress/dist.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { addLlms } from './llms.js'
import { anchorOf, deadLinks, linkAsInRepository, repository } from './links.js'
import { apiSidebar, routeOf, sidebar } from './outline.js'

/** Where the site stands on its server, such as `/swimlink/`. */
const base = process.env.DOCS_BASE ?? '/'

export default defineConfig({
  title: 'swimlink',
  description: 'Realtime maps and values in JavaScript, linked to SwimOS Web Agents',
  lang: 'en',
  base,
  head: [['link', { rel: 'icon', href: `${base}mark.svg`, type: 'image/svg+xml' }]],
  rewrites: page => routeOf(page),
  // What TypeDoc wrote is changed in the sources, to which its pages link.
  transformPageData: ({ relativePath }) =>
    relativePath.startsWith('api/') ? { frontmatter: { editLink: false } } : {},
  vite: {
    build: { chunkSizeWarningLimit: 3000 },
    // Examples run on what is built, as a reader's page does.
    resolve: {
      alias: {
        'swimlink/testing': fileURLToPath(new URL('../../dist/browser/testing/index.js', import.meta.url)),
        'swimlink/view': fileURLToPath(new URL('../../dist/browser/view/index.js', import.meta.url)),
      },
    },
  },
  markdown: {
    anchor: { slugify: anchorOf },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: markdown => {
      linkAsInRepository(markdown)
      // Tables wider than the page scroll by themselves, and by the keyboard too.
      markdown.renderer.rules.table_open = () =>
        '<div class="table" role="group" aria-label="Table" tabindex="0"><table>\n'
      markdown.renderer.rules.table_close = () => '</table></div>\n'
    },
  },
  themeConfig: {
    logo: '/mark.svg',
    search: {
      provider: 'local',
      options: {
        // Pages that explain come before those that list.
        miniSearch: { searchOptions: { boostDocument: (id: string) => (id.includes('/api/') ? 0.3 : 1) } },
      },
    },
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Guide', link: '/guide' },
      { text: 'Bindings', link: '/bindings' },
      { text: 'Options', link: '/options' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: {
      '/api/': [{ text: 'API', link: '/api/', items: apiSidebar() }],
      '/': [...sidebar(), { text: 'API', link: '/api/' }],
    },
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Change this page' },
    footer: { message: 'Apache-2.0' },
  },
  buildEnd: ({ outDir }) => {
    const dead = deadLinks(outDir, base)
    if (dead.length > 0) throw new Error(`links that lead nowhere:\n${dead.join('\n')}`)
    addLlms(outDir)
  },
})
