// Floor 9. Standard output: waits for a slow reader, ends quietly with one that has gone, and knows what a terminal can show.
import { createColors } from 'picocolors'
import { exit } from './fault.js'

const { stdout, env } = process

/** Whether a person looks at it. */
export const isTerminal = (): boolean => stdout.isTTY === true

/** `NO_COLOR` with anything in it, or a terminal that has none: no colours. `FORCE_COLOR`: colours in a pipe too. */
export const colors = createColors(
  (env.NO_COLOR ?? '') === '' && (env.FORCE_COLOR !== undefined || (isTerminal() && env.TERM !== 'dumb')),
)

/** What a reader that has gone means: it had enough. */
export function endWithReader(): void {
  for (const stream of [stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      process.exit(exit.done)
    })
  }
}

/** Resolves once the reader has room for more. */
const room = (): Promise<void> => new Promise(resolve => stdout.once('drain', resolve))

/** Prints lines, no faster than they are read. */
export async function print(lines: Iterable<string>): Promise<void> {
  for (const line of lines) if (!stdout.write(`${line}\n`)) await room()
}

/** Resolves once all that was printed is with its reader. `drain` does not come where little is left. */
export const printed = (): Promise<void> => new Promise(resolve => stdout.write('', () => resolve()))
