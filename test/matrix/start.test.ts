// docs/START.md with the newest of everything, as its reader gets it: npm makes the projects and installs their packages. Each
// is built as well, which checks types.
import { exec } from 'node:child_process'
import { promisify } from 'node:util'
import { startTests } from '../dist/start/cases.js'

const run = promisify(exec)

startTests({
  async own(line, folder, tarball) {
    if (!/^npm (create|install)/.test(line)) return false
    // npm asks whether it may download what `npm create` runs; the package is one that no registry has yet.
    await run(line.replace(/^npm install swimlink$/, `npm install '${tarball}'`), {
      cwd: folder,
      env: { ...process.env, npm_config_yes: 'true' },
    })
    return true
  },
  last: 'npm run build',
})
