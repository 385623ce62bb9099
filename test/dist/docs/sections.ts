// The code of a page of documentation, as its readers take it: the blocks of a `##` section are one module, in their order. A
// block that begins with a comment of a file's name is that file, beside the other modules of its page.
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../', import.meta.url))

export interface Section {
  /** Such as `docs/GUIDE.md`. */
  readonly page: string
  /** Its heading; the name of its file where it has one. */
  readonly name: string
  /** What its fence says; '' for what is no program: wire text, or lines for a terminal. */
  readonly language: string
  /** Where its first line is on the page, from 1. */
  readonly line: number
  /** Each line where it is on the page, with nothing around: what a compiler says of a line is true of the page. */
  readonly text: string
}

export const pages = ['README.md', ...readdirSync(`${root}docs`).map(name => `docs/${name}`)].filter(name =>
  name.endsWith('.md'),
)

export function sectionsOf(page: string): Section[] {
  const found = new Map<string, { name: string; language: string; lines: string[] }>()
  const text = readFileSync(root + page, 'utf8')
  let heading = ''
  for (const [, title, language, code] of text.matchAll(/^##? (.*)$|^```(\w*)\n([^]*?)^```$/gm)) {
    heading = title ?? heading
    if (code === undefined) continue
    const [, file] = /^(?:\/\/|<!--) ([\w-]+\.\w+)(?: -->)?\n/.exec(code) ?? []
    const name = file ?? heading
    const section = found.get(`${name}.${language}`) ?? { name, language: language!, lines: [] }
    found.set(`${name}.${language}`, section)
    const above = text.slice(0, text.indexOf(`\n\`\`\`${language}\n${code}\`\`\``)).split('\n').length + 1
    code.split('\n').forEach((line, at) => (section.lines[above + at] = line))
  }
  return [...found.values()].map(({ name, language, lines }) => ({
    page,
    name,
    language,
    line: lines.findIndex(line => line !== undefined) + 1,
    text: Array.from(lines, line => line ?? '').join('\n'),
  }))
}
