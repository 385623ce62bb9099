// Packages by npm for the matrix, kept in the cache of the interop tests, outside the clone, without scripts of packages.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { builtFolder } from '../interop/hosts/build-cache.js'

const run = promisify(execFile)

/** A folder with these packages installed, on first use; not to be written to. */
export async function installed(name: string, dependencies: Readonly<Record<string, string>>): Promise<string> {
  const manifest = JSON.stringify({ private: true, type: 'module', dependencies })
  const key = createHash('sha256').update(manifest).digest('hex').slice(0, 12)
  return builtFolder(`matrix-${name}`, key, async into => {
    await writeFile(join(into, 'package.json'), manifest)
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--prefer-offline']
    console.log(`matrix: installing ${name}, once`)
    await run('npm', ['install', ...flags], { cwd: into })
  })
}
