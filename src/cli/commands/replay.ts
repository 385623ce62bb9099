// Floor 9. `swimlink replay`: serves a tape as a host on a port, or prints its lines at their pace.
import { open } from 'node:fs/promises'
import { setTimeout as after } from 'node:timers/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import { nowMs } from '../clock.js'
import { Fault, misuse, plain } from '../fault.js'
import { count } from '../options.js'
import { colors, print } from '../output.js'
import { conversationsOf, isRecorded, readLines } from '../tape/conversations.js'
import type { Played } from '../tape/serve.js'

const about = `Serves a tape as a host, until Ctrl-C: a client that asks what was asked on the tape gets what was
answered, in that order and at that pace. Each connection plays the next of the tape's sockets, and
after the last the first again. A lane waits for what was asked of it on the tape, commands too,
and not for what was asked of others. What the tape does not have is named on the standard error; a
lane that it does not have is answered with laneNotFound or nodeNotFound. Tapes are those of
swimlink record, of record() in swimlink/inspect, and conversations in lines such as
{"t":13,"c":0,"send":"@sync(…)"}, where t is milliseconds, c a client, and an answer is recv. A
tape is held in memory: at most 256 MB.`

const mostBytes = 256 * 1024 * 1024

/** Reads a factor for the speed; Infinity means at once. */
function speed(text: string): number {
  if (text === 'max' || text === '0') return Infinity
  const times = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
  if (!(times > 0 && times < Infinity)) throw new InvalidArgumentError('Give a number such as 2 or 0.5, or max.')
  return times
}

interface Options {
  readonly port?: number
  readonly hostname: string
  readonly speed: number
  readonly host?: string
  readonly print?: boolean
  readonly wait: boolean
}

export const replayCommand = (): Command =>
  new Command('replay')
    .summary('serve a tape as a host')
    .description(about)
    .argument('<file>', 'the tape')
    .option('-p, --port <port>', 'the port (default: one that is free)', count())
    .option('--hostname <name>', 'where to listen; 0.0.0.0 is reached from other machines', '127.0.0.1')
    .addOption(
      new Option('--speed <times>', 'how many times as fast as it was; 0 or max is at once')
        .argParser(speed)
        .default(1, '1'),
    )
    .option('--host <uri>', 'which host of the tape is played (default: the first)')
    .option('--no-wait', 'do not wait for commands of the tape: what came after them comes in its time')
    .option('--print', 'print the lines in their time, and serve nothing')
    .action(replay)

/** Reads a tape that is not too large for memory. */
async function read(path: string): Promise<string> {
  await using file = await open(path)
  const { size } = await file.stat()
  if (size > mostBytes)
    throw misuse(`${path} has ${size} bytes; a tape may have ${mostBytes}: record less by --max-bytes`)
  return await file.readFile('utf8')
}

/** The lines of the host to play. */
function chosen(file: string, text: string, host: string | undefined) {
  const lines = readLines(text)
  const hosts = [...new Set(lines.map(each => each.host))]
  if (hosts.length === 0) throw new Fault(`there is nothing on the tape ${file}: record it again`)
  // In recorded conversations each client counts as a host: play all of them.
  if (isRecorded(text)) return lines
  const uri = host ?? hosts[0]
  if (!hosts.includes(uri!)) throw misuse(`the tape has nothing of the host ${uri}; it has ${hosts.join(', ')}`)
  return lines.filter(each => each.host === uri)
}

async function replay(file: string, options: Options): Promise<void> {
  const lines = chosen(file, await read(file), options.host)
  if (options.print === true) return await printLines(lines, options.speed)
  const conversations = conversationsOf(lines)
  if (conversations.length === 0) throw new Fault(`there is no frame on the tape ${file}: record it again`)
  // Loaded for this command only.
  const { serveTape } = await import('../tape/serve.js')
  const played: Played = { conversations, speed: options.speed, waits: options.wait }
  await print([await serveTape(played, { port: options.port ?? 0, hostname: options.hostname }, say)])
  return new Promise(() => {})
}

const mostSaid = 300

function say(text: string): void {
  const shown = text.length > mostSaid ? `${text.slice(0, mostSaid)}…` : text
  process.stderr.write(`${colors.yellow('swimlink:')} ${plain(shown)}\n`)
}

async function printLines(lines: ReturnType<typeof chosen>, speed: number): Promise<void> {
  const startMs = nowMs()
  const firstAt = lines[0]!.at
  for (const line of lines) {
    const wait = (line.at - firstAt) / speed - (nowMs() - startMs)
    if (wait > 1) await after(wait)
    const at = colors.dim(`${line.at.toFixed(1)} ms`.padStart(12))
    const what =
      'direction' in line
        ? `${line.direction.padEnd(5)} ${plain(line.text)}`
        : `${line.event.padEnd(5)} ${'code' in line ? `${line.code} ${plain(line.reason ?? '')}` : ''}`.trimEnd()
    await print([`${at}  ${what}`])
  }
}
