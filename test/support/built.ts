// The package as its users get it, for tests outside of the project that builds it first.
import { mkdirSync, rmdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import build from '../dist/build.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const lock = `${root}node_modules/.swimlink-build`

/** The root of the package, once `dist` is up to date. Test files run at the same time; one of them builds. */
export async function builtPackage(): Promise<string> {
  for (let tries = 0; tries < 500; tries++) {
    try {
      mkdirSync(lock)
    } catch {
      await new Promise(soon => setTimeout(soon, 100))
      continue
    }
    try {
      build()
      return root
    } finally {
      rmdirSync(lock)
    }
  }
  throw new Error(`another build does not end; remove ${lock} if there is none`)
}
