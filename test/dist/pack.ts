// Before tests of what is built: builds it, and packs it once for all files of tests.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packAnew, packedAt } from '../support/consumer.js'
import build from './build.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

export default async function pack(): Promise<(() => void) | undefined> {
  build()
  // Another project of this run has packed it.
  if (process.env[packedAt] !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'swimlink-packed-'))
  await packAnew(root, folder)
  process.env[packedAt] = folder
  return () => {
    delete process.env[packedAt]
    rmSync(folder, { recursive: true, force: true })
  }
}
