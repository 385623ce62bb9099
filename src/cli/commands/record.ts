// Floor 9. `swimlink record`: records a tape of the frames to and from lanes of a host.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { Command, Option } from 'commander'
import { record as onTape } from 'swimlink/inspect'
import { atInterrupt } from '../endings.js'
import { misuse } from '../fault.js'
import { find } from '../lane.js'
import { count, duration, reaching, type Reach } from '../options.js'
import { printed } from '../output.js'
import { Session } from '../session.js'

const about = `Writes a tape of lanes until Ctrl-C: each frame of their links, and when, as a line of JSON.
Nothing is written to the lanes. A host that goes away is waited for. Credentials, and user info,
queries and fragments of URIs, are not on the tape. swimlink replay plays it, and so do tests
(recordedHost of swimlink/testing). Each line is written as its frame comes: a tape that is cut off
is whole up to there. Its length is printed on the standard error.`

/** The `maxBytes` of the recording. Each line is written at once, so the client need not keep lines. */
const leastBytes = 1000

/** How long to wait for an answer: a tape may be shorter or longer than that. */
const answerMs = 10_000

const standardOutput = '-'

interface Options extends Omit<Reach, 'timeout'> {
  readonly out: string
  readonly force?: boolean
  readonly timeout?: number
  readonly count?: number
  readonly maxBytes: number
}

export const recordCommand = (): Command => {
  const command = reaching(new Command('record').summary('write a tape of lanes').description(about))
    .argument('<host>', 'the host, as warp://HOST:PORT')
    .argument('<lanes...>', 'NODE LANE, and as many more pairs as are to be on the tape')
    .addOption(
      new Option('-o, --out <file>', 'write the tape into a file').default(standardOutput, '-, the standard output'),
    )
    .option('--force', 'overwrite a file that exists')
    .option('-n, --count <frames>', 'end after so many frames', count(1))
    .addOption(
      new Option('--max-bytes <bytes>', 'end before the tape is longer')
        .argParser(count(leastBytes))
        .default(50_000_000, '50000000'),
    )
  // For other commands, --timeout is the wait for an answer; a tape goes on after the answers.
  const timeout = command.options.find(each => each.long === '--timeout')!
  timeout.description = `end so long after the lanes are synced: 500ms, 10s, 2m (default: at Ctrl-C)`
  timeout.default(undefined).argParser(duration)
  return command.action(record)
}

/** Reads NODE LANE NODE LANE … */
function pairsOf(words: readonly string[]): (readonly [string, string])[] {
  if (words.length % 2 !== 0) throw misuse(`the node ${words.at(-1)} has no lane: give NODE LANE, in pairs`)
  return Array.from({ length: words.length / 2 }, (_, i) => [words[2 * i]!, words[2 * i + 1]!] as const)
}

interface Out {
  readonly write: (line: string) => void
  /** Resolves once a slow reader has taken all output. A file takes each line at once. */
  readonly read?: () => Promise<void>
  /** @param isEmpty whether nothing was recorded: then a file made by this command is removed */
  readonly close: (isEmpty: boolean) => void
}

/** Where lines go. Each line is written at once, so that it is not lost however the command ends. */
function openOut({ out, force }: Options): Out {
  // At most `--max-bytes` wait for the reader.
  if (out === standardOutput) return { write: line => void process.stdout.write(line), read: printed, close: () => {} }
  let file: number
  try {
    file = openSync(out, force === true ? 'w' : 'wx')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw misuse(`${(error as Error).message}; check --out`)
    throw misuse(`there is a file ${out}: give another by --out, or --force to overwrite it`)
  }
  return {
    write: line => {
      // A disk may take only a part of a line at a time.
      for (let bytes = Buffer.from(line); bytes.length > 0;) bytes = bytes.subarray(writeSync(file, bytes))
    },
    close: isEmpty => {
      closeSync(file)
      if (isEmpty && force !== true) rmSync(out, { force: true })
    },
  }
}

async function record(hostUri: string, words: string[], options: Options): Promise<void> {
  const pairs = pairsOf(words)
  // Before the file is made, so that invalid options leave no file behind.
  await using session = new Session(hostUri, { ...options, timeout: Math.min(answerMs, options.timeout ?? answerMs) })
  const out = openOut(options)
  let frames = 0
  let bytes = 0
  let failure: unknown
  let end!: (why: string) => void
  const ended = new Promise<string>(done => (end = done))
  let isOver = false
  const add = (line: string): void => {
    if (isOver) return
    const length = Buffer.byteLength(line)
    if (bytes + length > options.maxBytes) return finish(`--max-bytes ${options.maxBytes} are full`)
    try {
      out.write(line)
    } catch (error) {
      failure = error
      return finish('')
    }
    bytes += length
    // Quotes within a frame are escaped: these are the line's own.
    if (line.includes('","direction":"')) frames++
    if (frames === options.count) finish('')
  }
  const finish = (why: string): void => {
    isOver = true
    end(why)
  }
  const say = (why: string): void =>
    void process.stderr.write(
      `${frames} ${frames === 1 ? 'frame' : 'frames'}, ${bytes} bytes on the tape${why === '' ? '' : `; ${why}`}\n`,
    )
  const tape = onTape(session.client, { maxBytes: leastBytes, onLine: add })
  add(tape.text())
  const undo = atInterrupt(() => {
    isOver = true
    say('')
    return out.read?.()
  })
  // The tape holds each event as it came, also those that are not map operations.
  session.printsAll = true
  try {
    const synced = Promise.all(
      pairs.map(([nodeUri, laneUri]) => find(session, { hostUri, nodeUri, laneUri }, undefined)),
    )
    const isFull = await Promise.race([ended.then(() => true), session.reach(synced).then(() => false)])
    // A sync that fails later has no listener any more.
    synced.catch(() => {})
    session.goOn()
    const time = options.timeout
    if (!isFull && time !== undefined) void after(time).then(() => finish(''))
    const why = await ended
    if (failure !== undefined) throw failure
    say(why)
  } finally {
    isOver = true
    tape.stop()
    undo()
    out.close(frames === 0)
  }
}
