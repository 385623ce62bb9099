#!/usr/bin/env node
// Floor 9. The command `swimlink`: runs the typed command, and ends with an exit code for the shell.
import { CommanderError } from 'commander'
import { endOnSignal } from './endings.js'
import { exit, faultOf, plain } from './fault.js'
import { colors, endWithReader, printed } from './output.js'
import { createProgram } from './program.js'

endWithReader()
endOnSignal()

/** The name of the command that was called, for messages. */
let called = 'swimlink'

async function run(): Promise<number> {
  const program = createProgram()
  // Errors of the parser are printed below, on one line like all others.
  program.configureOutput({ writeErr: text => process.stderr.write(text), outputError: () => {} })
  for (const command of program.commands) command.configureOutput(program.configureOutput())
  called += program.commands.some(each => each.name() === process.argv[2]) ? ` ${process.argv[2]}` : ''
  try {
    await program.parseAsync()
    return exit.done
  } catch (error) {
    if (error instanceof CommanderError) return ofParser(error)
    const fault = faultOf(error, process.argv[2])
    complain(fault.message)
    return fault.exitCode
  }
}

function ofParser({ exitCode, code, message }: CommanderError): number {
  if (exitCode === 0) return exit.done
  if (code !== 'commander.help') complain(`${message.replace(/^error: |\.$/g, '')}; see ${called} --help`)
  return exit.usage
}

const complain = (text: string) => process.stderr.write(`${colors.red('swimlink:')} ${plain(text)}\n`)

const code = await run()
await printed()
process.exit(code)
