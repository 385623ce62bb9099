// The package as its users have it: packed, and installed in a folder of its own.
import { execFile } from 'node:child_process'
import { copyFile, cp, mkdir, mkdtemp, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The variable that says in which folder this run has the tarball, where test/dist/pack.ts has packed it. */
export const packedAt = 'SWIMLINK_PACKED_AT'

/** What npm says of a tarball. */
export interface Packing {
  readonly filename: string
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string; readonly size: number }[]
}

/** Packs the built package at `root` into a folder, with a file beside it that says what npm said. */
export async function packAnew(root: string, folder: string): Promise<Packing> {
  const flags = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const { stdout } = await run('npm', flags, { cwd: root, maxBuffer: 2 ** 24 })
  const [packing] = JSON.parse(stdout) as [Packing]
  await writeFile(join(folder, 'packing.json'), JSON.stringify(packing))
  return packing
}

/** What npm said of the tarball of this run. */
export async function packing(): Promise<Packing> {
  return JSON.parse(await readFile(join(process.env[packedAt]!, 'packing.json'), 'utf8')) as Packing
}

/** The tarball of the built package at `root`, in a folder. */
export async function packed(root: string, folder: string): Promise<string> {
  const shared = process.env[packedAt]
  if (shared === undefined) return join(folder, (await packAnew(root, folder)).filename)
  const { filename } = await packing()
  await copyFile(join(shared, filename), join(folder, filename))
  return join(folder, filename)
}

/** Packs the built package at `root` and installs it, with zod beside it; returns the folder, for the caller to remove. */
export async function installedPackage(root: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'swimlink-consumer-'))
  const tarball = await packed(root, folder)
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  // With the network away, what npm keeps of dependencies will do.
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], { cwd: folder })
  // The version that all other tests have.
  await cp(join(root, 'node_modules/zod'), join(folder, 'node_modules/zod'), { recursive: true })
  return folder
}

/** Packs the built package at `root` and unpacks it into `folder`, with what it imports beside it: no registry is asked. */
export async function unpackPackage(root: string, folder: string): Promise<void> {
  const modules = join(folder, 'node_modules')
  await mkdir(modules)
  await run('tar', ['xzf', await packed(root, folder), '-C', modules])
  await rename(join(modules, 'package'), join(modules, 'swimlink'))
  for (const name of ['mitt', 'isomorphic-ws', 'ws'])
    await symlink(join(root, 'node_modules', name), join(modules, name))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
}
