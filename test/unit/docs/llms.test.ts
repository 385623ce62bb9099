// llms.txt has each page of the documentation: `npm run docs:llms` writes it.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { firstSentence, llms } from '../../../docs/.vitepress/llms.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

test('llms.txt is made from the outline and the README', async () => {
  await expect(llms()).toMatchFileSnapshot('../../../llms.txt')
})

test('it has each page of docs/, and the page for assistants', () => {
  const pages = readdirSync(`${root}docs`).filter(name => name.endsWith('.md') && name !== 'index.md')
  expect(pages.length).toBeGreaterThan(10)
  for (const page of pages) expect(llms()).toContain(`(docs/${page}): `)
  expect(llms()).toContain('(skills/swimlink/SKILL.md): ')
})

test('it has the parts that the format asks for: a title, a summary, and lists of links with a text', () => {
  const [title, summary, text, ...sections] = llms().trimEnd().split('\n\n')
  expect(title).toMatch(/^# \w+$/)
  expect(summary).toMatch(/^> .{20,}$/)
  expect(text).toMatch(/^[A-Z]/)
  for (const [at, part] of sections.entries())
    if (at % 2 === 0) expect(part).toMatch(/^## [A-Z]/)
    else for (const line of part.split('\n')) expect(line).toMatch(/^- \[[^\]]+\]\([^)\s]+\): .{4,}$/)
  expect(sections.at(-2)).toBe('## Optional')
})

test('a page that the README says nothing of has its own first sentence', () => {
  const readme = readFileSync(`${root}README.md`, 'utf8').replace(/^.*\]\(docs\/GUIDE\.md\).*$/m, '')
  expect(llms(readme)).toMatch(/^- \[Guide\]\(docs\/GUIDE\.md\): How to do things, each on its own$/m)
})

test.each([
  ['# A\n\nOne [thing](B.md#c), 0.5 of\nit. Another.\n', 'One thing, 0.5 of it'],
  ['# A\n\n```\ncode. x\n```\n\nWhat it is: this.\n', 'What it is'],
  ['---\na: b. c\n---\n\n# A\n\n| a. | b |\n', undefined],
])('the first sentence of %j is %j', (page, sentence) => {
  expect(firstSentence(page)).toBe(sentence)
})
