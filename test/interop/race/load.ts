// Interop support. Busy processes beside a race, so that it runs on a machine that has other things to do.
import { spawn } from 'node:child_process'

/** Works without end, and looks now and then whether its parent is still there. */
const busy = 'const parent = process.ppid; while (process.ppid === parent) for (let i = 0; i < 1e7; i++);'

/** Starts so many; gives what ends them. */
export function startLoad(processes: number): () => void {
  const children = Array.from({ length: processes }, () =>
    spawn(process.execPath, ['-e', busy], { stdio: 'ignore' }).on('error', problem => console.error(problem)),
  )
  return () => children.forEach(child => child.kill('SIGKILL'))
}
