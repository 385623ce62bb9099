// Floor 9. The standard output: waits for slow readers, ends quietly when the reader has gone, and knows what a terminal can show.
import { createColors } from 'picocolors'
import { exit } from './fault.js'

const { stdout, env } = process

/** Whether the output is a terminal. */
export const isTerminal = (): boolean => stdout.isTTY === true

/** No colors with a nonempty `NO_COLOR`, or on a terminal without colors. With `FORCE_COLOR`, colors in a pipe too. */
export const colors = createColors(
  (env.NO_COLOR ?? '') === '' && (env.FORCE_COLOR !== undefined || (isTerminal() && env.TERM !== 'dumb')),
)

/** Ends the process quietly once the reader of a pipe has gone. */
export function endWithReader(): void {
  for (const stream of [stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      process.exit(exit.done)
    })
  }
}

/** Resolves once there is room for more output. */
const room = (): Promise<void> => new Promise(resolve => stdout.once('drain', resolve))

/** Prints lines, no faster than the reader takes them. */
export async function print(lines: Iterable<string>): Promise<void> {
  for (const line of lines) if (!stdout.write(`${line}\n`)) await room()
}

/** Resolves once all output has reached the reader. `drain` would not come when little is left. */
export const printed = (): Promise<void> => new Promise(resolve => stdout.write('', () => resolve()))
