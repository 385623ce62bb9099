// Floor 9. Options that several commands share, and the check of their texts.
import { readFileSync } from 'node:fs'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { formats, type Format } from './values.js'

/** How to reach the host of a lane. */
export interface Reach {
  readonly timeout: number
  readonly auth?: string
  readonly insecure?: boolean
}

export interface Printed extends Reach {
  readonly format?: Format
}

export interface Typed extends Reach {
  readonly json?: boolean
}

/** Reads `500ms`, `10s` or `2m` as milliseconds. */
export function duration(text: string): number {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? []
  const ms = Number(digits) * { ms: 1, s: 1000, m: 60_000 }[unit as 'ms' | 's' | 'm']
  if (!(ms > 0)) throw new InvalidArgumentError('Give a time above 0 as 500ms, 10s or 2m.')
  return ms
}

/** Reads a whole number of at least `least`. */
export const count =
  (least = 0) =>
  (text: string): number => {
    const number = Number(text)
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least)
      throw new InvalidArgumentError('Give a whole number from ' + least + ' on.')
    return number
  }

/** Credentials as typed; for `@FILE`, the content of the file. */
export const credentials = (text: string): string =>
  text.startsWith('@') && !/^@[\w-]+[({]/.test(text) ? readFileSync(text.slice(1), 'utf8').trim() : text

const times = (description: string) =>
  new Option('--timeout <time>', description).argParser(duration).default(10_000, '10s')

/** Adds the options of a command that links to a host. */
export const reaching = (command: Command): Command =>
  command
    .addOption(times('how long to wait for an answer: 500ms, 10s, 2m; a bare number is seconds'))
    .addOption(
      new Option('--auth <recon>', 'credentials, such as {token:abc}; @FILE reads them from a file').env(
        'SWIMLINK_AUTH',
      ),
    )
    .option('--insecure', 'take any certificate of a warps: host')

/** Adds the arguments and options of a command about one lane. */
export const aboutLane = (command: Command): Command =>
  reaching(command)
    .argument('<host>', 'the host, as warp://HOST:PORT')
    .argument('<node>', 'the node, as /hotel/lobby')
    .argument('<lane>', 'the lane, as elevators')

export const printing = (command: Command, defaults: string, among: readonly Format[] = formats): Command =>
  command.addOption(new Option('-f, --format <format>', `how to print (default: ${defaults})`).choices(among))

export const kinds = ['map', 'value', 'list'] as const
export type Kind = (typeof kinds)[number]

export const kindOption = (): Option =>
  new Option('--kind <kind>', 'what the lane is; found out where it is left out').choices(kinds)

export const typing = (command: Command): Command =>
  command.option('--json', 'KEY and VALUE are JSON; otherwise Recon, such as 5, guest, "two words", {id:7,floor:1}')
