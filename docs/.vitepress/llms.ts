// llms.txt, for assistants that look for the documentation's pages: https://llmstxt.org says what it is. It is made of the
// outline and of a line on each page, and stands at the top of the repository, of the package and of the site.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { outline, titleOf } from './outline.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

const skill = 'skills/swimlink/SKILL.md'

/** What is worth reading only where there is room for it. */
const optional: readonly (readonly [title: string, file: string])[] = [
  ['How fast it is', 'bench/RESULTS.md'],
  ['How fast views are', 'bench/VIEWS.md'],
  ['Changelog', 'CHANGELOG.md'],
]

/** What the README says of a file in its table "Read on"; of another file its own first sentence. */
function summaryOf(file: string, readme: string): string {
  const row = readme.split('\n').find(line => line.startsWith('| [') && line.includes(`](${file})`))
  const [, text = firstSentence(readFileSync(join(root, file), 'utf8'))] = /^\|[^|]*\|(.*)\|$/.exec(row ?? '') ?? []
  if (text === undefined)
    throw new Error(`${file} begins with no sentence, and README.md has no row for it: write either`)
  return text.trim()
}

/** Of a page's first paragraph, without its links, on one line. */
export function firstSentence(page: string): string | undefined {
  const paragraph = page.split(/\n\n+/).find(part => /^(?!```)[\p{L}\p{N}`[*]/u.test(part))
  const [sentence] =
    /^.*?[.:](?= |$)/.exec(paragraph?.replace(/\n/g, ' ').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1') ?? '') ?? []
  return sentence?.replace(/[.:]$/, '')
}

export function llms(readme = readFileSync(join(root, 'README.md'), 'utf8')): string {
  const { version, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >
  const link = (title: string, file: string) => `- [${title}](${file}): ${summaryOf(file, readme)}`
  const sections = Object.entries(outline).map(([heading, pages]) => [
    `## ${heading}`,
    pages.map(page => link(titleOf(page), `docs/${page}.md`)).join('\n'),
  ])
  return `${[
    '# swimlink',
    `> ${description!}`,
    `Version ${version!} of the npm package \`swimlink\`. It has ES modules alone; types are in the package. Before you write code that uses it, read the page for assistants: it has the rules, and the mistakes to avoid.`,
    `## For assistants\n\n- [Using swimlink](${skill}): how to use the package right, each mistake beside what is right`,
    ...sections.map(parts => parts.join('\n\n')),
    `## Optional\n\n${optional.map(([title, file]) => link(title, file)).join('\n')}`,
  ].join('\n\n')}\n`
}

/** Puts llms.txt into the built site, and the files that it leads to, as they are in the repository. */
export function addLlms(site: string): void {
  const files = ['llms.txt', ...Array.from(llms().matchAll(/\]\(([^):]*)\)/g), ([, file]) => file!)]
  for (const file of files) {
    mkdirSync(dirname(join(site, file)), { recursive: true })
    copyFileSync(join(root, file), join(site, file))
  }
}
