import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sizes, statedSizes } from '../../scripts/check-size.mjs'

const measured = await sizes()
const readme = new URL('../../README.md', import.meta.url)
const stated = existsSync(readme) ? statedSizes(readFileSync(readme, 'utf8')) : {}

describe('the sizes of what users load', () => {
  it.each(Object.entries(measured))('%s stays within its limit', (_, { gzipped, limit }) => {
    expect(gzipped).toBeLessThanOrEqual(limit)
  })

  it('are what the README says, within 1 %', ({ skip }) => {
    if (Object.keys(stated).length === 0) skip('the README states no sizes yet')
    for (const [name, { gzipped }] of Object.entries(measured)) {
      const row = `a row in README.md: | \`${name}\` | … | ${gzipped.toLocaleString('en')} bytes |`
      expect(stated, row).toHaveProperty([name])
      expect(Math.abs(stated[name]! - gzipped) / gzipped, row).toBeLessThanOrEqual(0.01)
    }
  })
})
