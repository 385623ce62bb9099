// The package as its users have it: packed, and installed in a folder of its own.
import { execFile } from 'node:child_process'
import { cp, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The tarball of the built package at `root`, in a folder. */
export async function packed(root: string, folder: string): Promise<string> {
  const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const { stdout } = await run('npm', packing, { cwd: root })
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
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
