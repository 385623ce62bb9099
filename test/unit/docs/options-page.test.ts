// docs/OPTIONS.md says what options there are: `npm run docs:options` writes it.
import { describe, expect, test } from 'vitest'
import { optionDocs, optionsPage } from '../../support/options-page.js'

test('docs/OPTIONS.md is made from the tables of options and their docstrings', async () => {
  await expect(optionsPage()).toMatchFileSnapshot('../../../docs/OPTIONS.md')
})

const units: Record<string, RegExp> = { Ms: /milliseconds/, Bytes: /[Bb]ytes/, Chars: /UTF-16 units/ }

describe.each(Object.entries(optionDocs()))('the docstrings of %s', (taker, options) => {
  test.each(options.map(option => [option.name, option] as const))(
    'explain %s',
    (name, { row, text, fallback = '' }) => {
      expect(text).toMatch(/^.{12,}\.$/)
      const [, unit = ''] = /(Ms|Bytes|Chars)$/.exec(name) ?? []
      if (units[unit]) expect(text).toMatch(units[unit])
      if (typeof row === 'string') return
      const stated = typeof row[0] === 'string' ? `'${row[0]}'` : String(row[0])
      expect(fallback.split('; ')[0], `${taker}.${name}`).toBe(stated)
    },
  )
})
