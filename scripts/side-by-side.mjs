// Runs scripts of package.json side by side: `node scripts/side-by-side.mjs a,b c` runs a and then b, and c beside them. What each
// prints comes as it ends, with how long it took; what comes after one that failed is not run.
import { spawn } from 'node:child_process'

const rows = process.argv.slice(2).map(row => row.split(','))

function run(name) {
  const from = performance.now()
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => printed.push(data))
  return new Promise(resolve =>
    child.on('close', code => {
      const seconds = ((performance.now() - from) / 1000).toFixed(1)
      process.stdout.write(Buffer.concat(printed))
      console.log(`${code === 0 ? 'passed' : 'FAILED'}  npm run ${name}, ${seconds} s`)
      resolve(code === 0)
    }),
  )
}

async function runRow(names) {
  for (const name of names) {
    if (!(await run(name))) return false
  }
  return true
}

const passed = await Promise.all(rows.map(runRow))
if (passed.includes(false)) process.exitCode = 1
