// The README's first minutes, as a newcomer goes through them: an empty folder, each block pasted as it stands and in its order.
// Other than there are the tarball, which no registry has yet, and the port, which another process may hold.
import { exec, spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtPackage } from '../support/built.js'
import { packed } from '../support/consumer.js'

const run = promisify(exec)
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const minutes = readme.split('\n## First minutes\n')[1]!.split('\n## ')[0]!
const blocks = Array.from(minutes.matchAll(/^```(\w*)\n([^]*?)^```$/gm), ([, language, text]) => ({
  language: language!,
  text: text!,
}))
const [setUp, hostFile, clientFile, clientPrints] = blocks

let folder: string
let tarball: string
let port: number
let host: ChildProcess

const here = (text: string) => text.replaceAll('9001', String(port))
const shell = (lines: string) => run(lines.replace(' swimlink zod', ` '${tarball}' zod`), { cwd: folder })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swimlink-readme-'))
  const elsewhere = await mkdtemp(join(tmpdir(), 'swimlink-packed-'))
  tarball = await packed(await builtPackage(), elsewhere)
  port = await new Promise<number>(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}, 120_000)

afterAll(async () => {
  host?.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
  await rm(join(tarball, '..'), { recursive: true, force: true })
})

/** Writes a block to the file that its first line names. */
const paste = async (block: { text: string }) => {
  const [, name] = /^\/\/ ([\w.]+)/.exec(block.text)!
  await writeFile(join(folder, name!), here(block.text))
  return name!
}

test('there are four blocks, and no other', () => {
  expect(blocks.map(({ language }) => language)).toEqual(['', 'js', 'js', ''])
})

test('it installs in an empty folder, as ES modules', async () => {
  await shell(setUp!.text)
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as object
  expect(manifest).toMatchObject({
    type: 'module',
    dependencies: { swimlink: expect.stringContaining(basename(tarball)) as string, zod: expect.anything() as string },
  })
}, 60_000)

test('the host prints where it is', async () => {
  const name = await paste(hostFile!)
  host = spawn(process.execPath, [name], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  const printed = await new Promise(resolve => host.stdout!.once('data', text => resolve(String(text))))
  const [, stated] = /^`node host\.js` in one terminal prints `(.*?)`/m.exec(minutes)!
  expect(printed).toBe(`${here(stated!)}\n`)
})

test('the client prints what the README says, and ends', async () => {
  const name = await paste(clientFile!)
  const { stdout, stderr } = await run(`node ${name}`, { cwd: folder })
  expect(stderr).toBe('')
  expect(stdout).toBe(clientPrints!.text)
})
