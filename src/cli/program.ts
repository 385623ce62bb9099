// Floor 9. The command line as a tree of commands, each in a file of `commands/`. Large modules are loaded when a command needs them.
import { Command } from 'commander'
import { benchCommand } from './commands/bench.js'
import { commandCommand } from './commands/command.js'
import { completionCommand } from './commands/completion.js'
import { getCommand } from './commands/get.js'
import { hostCommand } from './commands/host.js'
import { linkCommand } from './commands/link.js'
import { lanesCommand, nodesCommand } from './commands/meta.js'
import { recordCommand } from './commands/record.js'
import { replayCommand } from './commands/replay.js'
import { typesCommand } from './commands/types.js'
import { exportCommand, importCommand } from './commands/transfer.js'
import { clearCommand, dropCommand, putCommand, removeCommand, takeCommand } from './commands/write.js'

declare const VERSION: string

const codes = `
Exit codes:
  0  done; also where the reader of a pipe has had enough
  1  the host or the lane has said no
  2  what was typed can't work
  3  no host there, or no answer in time
  4  the host refused the credentials
  130  Ctrl-C

Colours: NO_COLOR=1 for none, FORCE_COLOR=1 for some in a pipe too.`

/** The commands, in the order of the help page. */
const commands = [
  getCommand,
  linkCommand,
  putCommand,
  removeCommand,
  clearCommand,
  dropCommand,
  takeCommand,
  commandCommand,
  exportCommand,
  importCommand,
  nodesCommand,
  lanesCommand,
  typesCommand,
  recordCommand,
  replayCommand,
  benchCommand,
  hostCommand,
  completionCommand,
]

export function createProgram(): Command {
  const program = new Command('swimlink')
    .description('Looks at lanes of SwimOS hosts, and writes to them. Looking never writes.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this')
    .helpCommand(false)
    .addHelpText('after', codes)
    .showHelpAfterError(false)
    .configureHelp({ helpWidth: 100, subcommandTerm: command => command.name() })
    .exitOverride()
  for (const make of commands) {
    const command = make()
    command
      .helpOption('-h, --help', 'print this')
      .configureHelp({ helpWidth: 100 })
      .configureOutput(program.configureOutput())
      .exitOverride()
    program.addCommand(command)
  }
  return program
}
