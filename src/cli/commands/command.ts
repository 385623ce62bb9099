// Floor 9. `swimlink command`: sends one command to a lane of any kind.
import { Command } from 'commander'
import { aboutLane, typing, type Typed } from '../options.js'
import { print } from '../output.js'
import { Session } from '../session.js'
import { read } from '../values.js'

const about = `Sends a command to a lane of any kind, as it is. A host does not answer commands: sent is all
that can be known. To change maps and values use put, remove, clear, drop and take.`

export const commandCommand = (): Command =>
  typing(aboutLane(new Command('command').summary('send a command').description(about)))
    .argument('[body]', 'what is sent; nothing where it is left out')
    .action(async (hostUri: string, nodeUri: string, laneUri: string, body: string | undefined, options: Typed) => {
      await using session = new Session(hostUri, options)
      const given = body === undefined ? undefined : read(body, options.json, 'BODY')
      await session.reach(session.client.command(hostUri, nodeUri, laneUri, given))
      await print(['sent'])
    })
