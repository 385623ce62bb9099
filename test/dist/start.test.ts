// docs/START.md, each section copied and run: in Node, and in Chromium. Projects are made by create-vite as it is among the
// packages here, and use the packages here, so that nothing is downloaded; test/matrix/start.test.ts has npm do all of it.
// @module-tag full
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './docs/sections.js'
import { startTests } from './start/cases.js'

const run = promisify(execFile)

/** Packages of the repository in a project's folder: a folder of links, to which its own packages are added. */
async function linkPackages(folder: string): Promise<void> {
  const into = join(folder, 'node_modules')
  await mkdir(into)
  const names = (await readdir(`${root}node_modules`)).filter(name => name === '.bin' || !name.startsWith('.'))
  await Promise.all(names.map(name => symlink(`${root}node_modules/${name}`, join(into, name))))
}

startTests({
  async own(line, folder, tarball) {
    const [, created] = /^npm create vite@latest (.*)$/.exec(line) ?? []
    if (created !== undefined) {
      const args = created.split(' ').filter(arg => arg !== '--')
      await run(process.execPath, [`${root}node_modules/create-vite/index.js`, ...args], { cwd: folder })
    } else if (line === 'npm install') {
      await linkPackages(folder)
    } else if (line === 'npm install swimlink' && existsSync(join(folder, 'node_modules'))) {
      const into = join(folder, 'node_modules/swimlink')
      await mkdir(into)
      await run('tar', ['xzf', tarball, '-C', into, '--strip-components', '1'])
    } else if (line === 'npm install swimlink') {
      await run('npm', ['install', '--prefer-offline', tarball], { cwd: folder })
    } else return false
    return true
  },
})
