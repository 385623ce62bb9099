// Builds dist where it is missing or older than the sources; `npm install` has built it otherwise.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dim } from './terminal.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

export function ensureBuilt() {
  const outputs = ['dist/node/index.js', 'dist/swimlink.min.js'].map(file => join(root, file))
  if (outputs.every(existsSync)) {
    const builtAtMs = Math.min(...outputs.map(modifiedAtMs))
    const sources = readdirSync(join(root, 'src'), { recursive: true }).map(file => join(root, 'src', file))
    if (sources.every(file => modifiedAtMs(file) <= builtAtMs)) return
  }
  console.log(dim('  building …'))
  execFileSync(process.execPath, [join(root, 'node_modules/rollup/dist/bin/rollup'), '-c', '--silent'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

const modifiedAtMs = file => statSync(file).mtimeMs
