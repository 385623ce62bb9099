// Before all: the package as its users have it, packed and installed in a folder of its own, and the programs that use it.
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import type { TestProject } from 'vitest/node'
import { builtPackage } from '../support/built.js'
import { installedPackage } from '../support/consumer.js'

const programs = fileURLToPath(new URL('programs/', import.meta.url))

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the consumer: `node_modules` with swimlink and zod, and the programs. */
    consumer: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = await builtPackage()
  const folder = await installedPackage(root)
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
