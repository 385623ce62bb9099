// Floor 9. How a command fails: with an exit code, and one line that says what went wrong and what to do.
import { SwimError, type LaneKind } from 'swimlink'

/** Exit codes. `interrupted` and `terminated` are 128 plus the number of the signal, as in shells. */
export const exit = { done: 0, failed: 1, usage: 2, unreached: 3, unauthorized: 4, interrupted: 130, terminated: 143 }

/** An error that ends a command, with a message for its user. */
export class Fault extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode = exit.failed) {
    super(message)
    this.exitCode = exitCode
  }
}

/** A fault in what was typed. */
export const misuse = (message: string): Fault => new Fault(message, exit.usage)

/** A text on one line, with control characters escaped, so that a terminal does not obey them. */
export const plain = (text: string): string =>
  text.replace(/\s*\n\s*/g, ' ').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, letter => {
    const code = letter.codePointAt(0)!.toString(16).padStart(4, '0')
    return `\\u${code.length > 4 ? `{${code}}` : code}`
  })

/** Any error as a fault. @param command the name of the command that fails */
export function faultOf(error: unknown, command = ''): Fault {
  if (error instanceof Fault) return error
  if (error instanceof SwimError) return faultOfClient(error, command)
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  if (code === 'ENOENT') return misuse(`${String(message)}: check the name of the file`)
  if (code === 'EADDRINUSE' || code === 'EACCES') return new Fault(`${String(message)}; give another --port`)
  return new Fault(typeof message === 'string' ? message : String(error))
}

/** The address of a lane as the user typed it. */
const place = ({ hostUri = '', nodeUri = '', laneUri = '' }: SwimError) =>
  `the lane ${laneUri} of the node ${nodeUri} at ${hostUri}`

/** A message of the client for users of the command line: without hints for programs, and with names of arguments. */
const inWords = (message: string) =>
  message
    .replace(/[;.,]? ?(the client (asks for it again|asks again|goes on trying)|reconnecting)\.?$/i, '')
    .replace(/\b(the )?(host|node|lane)Uri\b/g, (_, _the, part: string) => part.toUpperCase())

/** What to do about a lane of another kind, in terms of the command's arguments. */
function adviceOnKind(command: string, found: LaneKind): string {
  if (command === 'get' || command === 'link' || command === 'types') return `give --kind ${found}, or leave it out`
  if (found === 'list') return 'items are written by client.downlinkList() alone'
  const isMap = found === 'map'
  if (command === 'put')
    return isMap ? 'give a KEY as well' : 'leave out KEY, or use swimlink command where it takes commands'
  return isMap ? 'it has entries' : `swimlink ${command} is for map lanes`
}

function faultOfClient(error: SwimError, command: string): Fault {
  const message = inWords(error.message)
  switch (error.code) {
    case 'unlinked':
      if (error.reason === 'nodeNotFound')
        return new Fault(
          `there is no such node: the node ${error.nodeUri} at ${error.hostUri} (nodeNotFound); check HOST and NODE`,
        )
      return error.reason === 'unlinked'
        ? new Fault(`${place(error)} was unlinked by its host; try again, or check what you may read there`)
        : new Fault(`there is no such lane: ${place(error)} (${error.reason}); check NODE and LANE`)
    case 'laneKind':
      return new Fault(
        `${place(error)} is ${error.found === 'value' ? 'not a map' : `a ${error.found}`} lane: ${adviceOnKind(command, error.found)}`,
      )
    case 'timeout': {
      const cause = error.cause instanceof Error ? ` (${inWords(error.cause.message)})` : ''
      return new Fault(
        `no answer within ${error.afterMs / 1000} s from ${place(error)}${cause}; check HOST, or give more time by --timeout`,
        exit.unreached,
      )
    }
    case 'transport':
      return new Fault(
        /check|start/.test(message) ? message : `${message}; check HOST, and whether it runs`,
        exit.unreached,
      )
    case 'auth':
      return new Fault(`${message}; give other credentials by --auth`, exit.unauthorized)
    case 'config':
      return misuse(message)
    case 'recon':
      return misuse(`${message}; quote texts with spaces or signs as '"two words"', or give JSON with --json`)
    case 'closed':
      return new Fault('the link was closed before the lane had answered; try again')
    default:
      return new Fault(message)
  }
}
