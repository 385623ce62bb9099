// A program in a process of its own, which should end by itself.
import { spawn } from 'node:child_process'
import { inject } from 'vitest'

export interface ProgramEnd {
  /** `undefined` where it did not end within six seconds of what it said last, and was killed. */
  readonly code: number | undefined
  /** Its standard output, by lines. */
  readonly said: readonly string[]
  readonly complaints: string
  /** From the last that it said to its end, in milliseconds. */
  readonly lingeredMs: number
}

export async function runProgram(command: string, args: readonly string[]): Promise<ProgramEnd> {
  const env = { ...process.env, NO_COLOR: '1' }
  const child = spawn(command, args, { cwd: inject('consumer'), stdio: ['ignore', 'pipe', 'pipe'], env })
  let [output, complaints] = ['', '']
  let saidAtMs = performance.now()
  const kill = () => child.kill('SIGKILL')
  let late = setTimeout(kill, 60_000)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    saidAtMs = performance.now()
    clearTimeout(late)
    late = setTimeout(kill, 6000)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const code = await new Promise<number | undefined>((ended, fail) =>
    child.once('error', fail).once('close', status => ended(status ?? undefined)),
  )
  clearTimeout(late)
  return { code, said: output.trim().split('\n'), complaints, lingeredMs: performance.now() - saidAtMs }
}
