// Before all: the package as its users have it, packed and installed in a folder of its own, and the programs that use it.
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import type { TestProject } from 'vitest/node'
import { builtPackage } from '../support/built.js'

const run = promisify(execFile)
const programs = fileURLToPath(new URL('programs/', import.meta.url))

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the consumer: `node_modules` with swimlink and zod, and the programs. */
    consumer: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = await builtPackage()
  const folder = await mkdtemp(join(tmpdir(), 'swimlink-runtimes-'))
  const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const { stdout } = await run('npm', packing, { cwd: root })
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`], { cwd: folder })
  // The version that all other tests have.
  await cp(join(root, 'node_modules/zod'), join(folder, 'node_modules/zod'), { recursive: true })
  for (const file of await readdir(programs)) {
    const { code } = await transform(await readFile(join(programs, file), 'utf8'), { loader: 'ts', target: 'es2022' })
    await writeFile(join(folder, file.replace(/\.ts$/, '.js')), code)
  }
  // Two files whose types are checked: the README's example, and one with a fault.
  await cp(join(root, 'test/e2e/consumer/example.ts'), join(folder, 'example.ts'))
  await writeFile(join(folder, 'wrong.ts'), `import { parse } from 'swimlink/recon'\nparse(1)\n`)
  project.provide('consumer', folder)
  return () => rm(folder, { recursive: true, force: true })
}
