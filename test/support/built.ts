// The package as its users get it: built where it is not, or where its sources are newer.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const lock = `${root}node_modules/.swimlink-build`

const changedAtMs = (path: string): number => {
  try {
    const entry = statSync(path)
    if (!entry.isDirectory()) return entry.mtimeMs
    return Math.max(...readdirSync(path).map(name => changedAtMs(`${path}/${name}`)))
  } catch {
    return 0
  }
}

const isFresh = () =>
  changedAtMs(`${root}dist/types/index.d.ts`) >
  Math.max(...['src', 'package.json'].map(name => changedAtMs(root + name)))

/** The root of the package, once `dist` is up to date. Test files run at the same time; one of them builds. */
export async function builtPackage(): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    if (isFresh()) return root
    try {
      mkdirSync(lock)
    } catch {
      await new Promise(soon => setTimeout(soon, 100))
      continue
    }
    try {
      if (!isFresh()) execFileSync('npx', ['rollup', '-c', '--silent'], { cwd: root, stdio: 'inherit' })
      return root
    } finally {
      rmdirSync(lock)
    }
  }
  throw new Error(`another build does not end; remove ${lock} if there is none`)
}
