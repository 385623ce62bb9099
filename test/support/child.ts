// A Node process of its own, which runs a module against the built package and should end by itself.
import { spawn } from 'node:child_process'
import { builtPackage } from './built.js'

export interface ChildEnd {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly tookMs: number
}

/** Runs `script`, the text of a module or the path of one, at the root of the package; kills it after `timeoutMs`. */
export async function runChild(
  script: string,
  flags: string[] = [],
  timeoutMs = 15_000,
  given: string[] = [],
): Promise<ChildEnd> {
  const root = await builtPackage()
  const isPath = /^[\w./-]+\.mjs$/.test(script)
  const args = [...flags, ...(isPath ? [script] : ['--input-type=module', '-e', script]), ...given]
  return new Promise(resolve => {
    const startedAtMs = performance.now()
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', chunk => (stdout += String(chunk)))
    child.stderr.on('data', chunk => (stderr += String(chunk)))
    const late = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    child.on('close', code => {
      clearTimeout(late)
      resolve({ code, stdout, stderr, tookMs: performance.now() - startedAtMs })
    })
  })
}
