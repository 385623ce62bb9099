// The workflow that publishes: what it may do, what it runs first, and what its check of a version lets through.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'

interface Job {
  readonly needs?: string
  readonly permissions?: Record<string, string>
  readonly steps: readonly { readonly name?: string; readonly uses?: string; readonly run?: string }[]
}
interface Workflow {
  readonly on: object
  readonly permissions: Record<string, string>
  readonly jobs: { readonly check: Job; readonly publish: Job }
}

const root = fileURLToPath(new URL('../../../', import.meta.url))
const workflow = parse(readFileSync(`${root}.github/workflows/release.yml`, 'utf8')) as Workflow
const { check, publish } = workflow.jobs

test('it starts at tags of versions alone, and may write nothing but a signature, in its last job', () => {
  expect(workflow.on).toEqual({ push: { tags: ['v*'] } })
  expect(workflow.permissions).toEqual({ contents: 'read' })
  expect(check.permissions).toBeUndefined()
  expect(publish.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
})

test('it publishes with a provenance, after all checks', () => {
  expect(check.steps.at(-1)!.run).toBe('bash .ci/run')
  expect(publish.needs).toBe('check')
  expect(publish.steps.at(-1)!.run).toBe('npm publish --provenance --access public')
})

test('each action is pinned by its major version', () => {
  const actions = [...check.steps, ...publish.steps].flatMap(({ uses }) => uses ?? [])
  expect(actions.length).toBeGreaterThan(1)
  for (const action of actions) expect(action).toMatch(/^actions\/[\w-]+@v\d+$/)
})

describe('the check of a version', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swimlink-release-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const { run } = check.steps.find(({ name }) => name?.startsWith('See that the tag'))!

  test.each([
    ['v0.1.0', '0.1.0', '## 0.1.0 - 2026-12-01', 0, ''],
    ['v0.1.1', '0.1.0', '## 0.1.0 - 2026-12-01', 1, 'the tag is v0.1.1, and package.json has 0.1.0'],
    ['v0.2.0', '0.2.0', '## 0.1.0 - 2026-12-01', 1, 'CHANGELOG.md has no line such as: ## 0.2.0 - 2026-12-31'],
    ['v0.1.0', '0.1.0', '## 0.1.0', 1, 'CHANGELOG.md has no line such as: ## 0.1.0 - 2026-12-31'],
  ])('of the tag %s for %s, with %j in the changelog, ends with %i', async (tag, version, heading, code, says) => {
    const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as object
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, version }, undefined, 2)}\n`)
    writeFileSync(join(folder, 'CHANGELOG.md'), `# Changelog\n\n${heading}\n\n### Added\n`)
    const ended = await new Promise<[number, string]>(resolve => {
      const env = { ...process.env, GITHUB_REF_NAME: tag }
      const child = execFile('bash', ['-e', '-c', run!], { cwd: folder, env }, (_, stdout) =>
        resolve([child.exitCode!, stdout.trim()]),
      )
    })
    expect(ended).toEqual([code, says])
  })
})
