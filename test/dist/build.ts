// Before tests of bundles: builds them, unless they are newer than all they are made of.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

const root = fileURLToPath(new URL('../../', import.meta.url))
const changedAtMs = (file: string): number => statSync(join(root, file)).mtimeMs

export default function build(): void {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .map(file => join('src', file))
  const newest = Math.max(...[...sources, 'rollup.config.mjs', 'tsconfig.json', 'package.json'].map(changedAtMs))
  const built = [
    'dist/swimlink.min.js',
    'dist/browser/index.js',
    'dist/node/index.js',
    'dist/types/index.d.ts',
    'dist/cli/main.js',
  ]
  if (built.every(file => existsSync(join(root, file)) && changedAtMs(file) >= newest)) return
  execFileSync('npm', ['run', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
}
