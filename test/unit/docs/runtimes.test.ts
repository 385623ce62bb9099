// docs/BINDINGS.md says where the package has been run: in the versions that the tests of runtimes get.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { versions } from '../../runtimes/versions.js'

const [, told = ''] = readFileSync('docs/BINDINGS.md', 'utf8').split('## Where it has been run')

test('names the versions that are run', () => {
  const [, ...withOwnSocket] = versions.node
  expect(told).toContain(`| Node ${versions.node.join(', ')} |`)
  expect(told).toContain(`| Node ${withOwnSocket.join(', ')} with `)
  for (const name of ['Deno', 'Bun', 'workerd'] as const) {
    expect(told).toContain(`| ${name} ${versions[name.toLowerCase() as 'deno' | 'bun' | 'workerd']}`)
  }
})
