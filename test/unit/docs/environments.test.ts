// docs/ENVIRONMENTS.md says what the matrix tries: `npm run docs:environments` writes it.
import { expect, test } from 'vitest'
import { page } from '../../matrix/page.js'

test('docs/ENVIRONMENTS.md is the page that the matrix makes', async () => {
  await expect(page()).toMatchFileSnapshot('../../../docs/ENVIRONMENTS.md')
})
