// What other people's tools say of the package: publint of its manifest, "are the types wrong" of its declarations. It is packed once
// for both, as it is built: left to themselves they pack it each, and one builds it before.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'swimlink-package-'))
try {
  const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const [{ filename }] = JSON.parse(execFileSync('npm', packing, { stdio: ['ignore', 'pipe', 'ignore'] }))
  const tarball = join(folder, filename)
  const checks = [
    ['publint', '--strict', tarball],
    ['attw', tarball, '--profile', 'esm-only'],
  ]
  for (const [tool, ...args] of checks) {
    if (spawnSync(tool, args, { stdio: 'inherit' }).status !== 0) process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
