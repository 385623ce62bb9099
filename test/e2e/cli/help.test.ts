// docs/CLI.md has the help of each command as it is printed: `npm run docs:cli` writes it. And what shells are offered.
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { builtPackage } from '../../support/built.js'
import { swimlink } from '../../support/cli.js'

const page = fileURLToPath(new URL('../../../docs/CLI.md', import.meta.url))
const block = /^```\n\$ swimlink(?: (\w+))? --help\n[^]*?^```$/gm

beforeAll(async () => void (await builtPackage()))

test('docs/CLI.md has the help of each command as it is printed', async () => {
  const { out } = await swimlink('--help')
  const [, list] = /^Commands:\n([^]*?)\n\n/m.exec(out)!
  const names = list!.split('\n').map(line => /^ {2}(\S+)/.exec(line)![1]!)
  const helps = await Promise.all(names.map(name => swimlink(name, '--help')))
  expect(helps.map(({ code }) => code)).toEqual(names.map(() => 0))
  const text = readFileSync(page, 'utf8')
  expect(Array.from(text.matchAll(block), ([, name]) => name)).toEqual([undefined, ...names])
  const printed = (name: string | undefined) => (name === undefined ? out : helps[names.indexOf(name)]!.out)
  const made = text.replace(
    block,
    (_, name?: string) => `\`\`\`\n$ swimlink${name ? ` ${name}` : ''} --help\n${printed(name).trimEnd()}\n\`\`\``,
  )
  await expect(made).toMatchFileSnapshot(page)
})

test('without a command the help is printed, and it is no success', async () => {
  const { code, out, err } = await swimlink()
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(/^Usage: swimlink /)
})

test('--version is that of the package', async () => {
  const root = await builtPackage()
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }
  expect(await swimlink('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' })
})

test.each([
  [['g'], 'get'],
  [['get', 'warp://h', '--fo'], '--format'],
  [['get', '--format', 'j'], 'json\njsonl'],
  [['link', '-f', ''], 'jsonl\nrecon\ntable'],
  [['get', '--auth', ''], ''],
  [['completion', ''], 'bash\nzsh\nfish'],
  [['get', ''], ''],
])('of %j the last word is completed', async (words, offered) => {
  const { code, out } = await swimlink('completion', 'offer', '--', ...words)
  expect([code, out.trimEnd()]).toEqual([0, offered])
})

test('bash completes by the script', async () => {
  const root = await builtPackage()
  const bin = mkdtempSync(join(tmpdir(), 'swimlink-bin-'))
  chmodSync(`${root}dist/cli/main.js`, 0o755)
  symlinkSync(`${root}dist/cli/main.js`, join(bin, 'swimlink'))
  const script = `
    eval "$(swimlink completion bash)"
    complete_words() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _swimlink; echo "\${COMPREPLY[@]}"; }
    complete_words swimlink dr
    complete_words swimlink get warp://h /n l --ke
    complete_words swimlink get --format re
    complete -p swimlink`
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` }
  const out = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8', env })
  rmSync(bin, { recursive: true })
  expect(out.trim().split('\n')).toEqual(['drop', '--keys', 'recon', 'complete -o default -F _swimlink swimlink'])
})

// As many shells as there are: their scripts are read, and not run.
test.each(['zsh', 'fish'])('%s reads its script, where there is one', async shell => {
  const { out } = await swimlink('completion', shell)
  expect(out).toContain('swimlink completion offer --')
  const { error, status } = spawnSync(shell, ['-n'], { input: out })
  if (error === undefined) expect(status).toBe(0)
})
