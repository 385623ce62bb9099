// Floor 9. `swimlink types`: prints the types of a lane's entries, as TypeScript and zod.
import { readFile, writeFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import type { Value } from 'swimlink/recon'
import { Fault, misuse } from '../fault.js'
import { find, type Found } from '../lane.js'
import { aboutLane, count, kindOption, type Kind, type Reach } from '../options.js'
import { print } from '../output.js'
import { Session } from '../session.js'
import { Seen } from '../types/seen.js'
import { misfit, typeOf } from '../types/type.js'
import { isReserved, readTypes, typeName, writeTypes, type Language } from '../types/write.js'
import { show } from '../values.js'

const about = `Prints types for the keys and values of a map lane, or the value of a value lane, as its entries
show them: zod schemas with their types, or types alone. Unions, keys that some entries lack,
choices of a few texts and records that differ by their tags are found. What was not among the
entries is not in the types: look them through. With --check the lane is held to types that were
printed before, and the exit code is 1 where an entry does not fit. Nothing is written to the lane.`

interface Options extends Reach {
  readonly kind?: Kind
  readonly as: Language
  readonly name?: string
  readonly sample: number
  readonly output?: string
  readonly check?: string
}

export const typesCommand = (): Command =>
  aboutLane(new Command('types').summary('print types for what a lane holds').description(about))
    .addOption(kindOption())
    .addOption(new Option('--as <language>', 'what to print').choices(['zod', 'ts']).default('zod'))
    .option('--name <name>', 'what the types are called (default: by the lane)')
    .option('--sample <entries>', 'how many entries to look at, spread over the lane', count(1), 10_000)
    .option('-o, --output <file>', 'write into a file')
    .option('--check <file>', 'hold the entries to the types in a file that this command has made')
    .action(types)

async function types(hostUri: string, nodeUri: string, laneUri: string, options: Options): Promise<void> {
  const { name = typeName(laneUri) } = options
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) throw misuse(`--name ${name} can't name a type: give letters and digits`)
  if (isReserved(name)) throw misuse(`--name ${name} is reserved: give another name`)
  await using session = new Session(hostUri, options)
  // Without empty values, as a downlink without `emptyValues` shows them.
  const found = await find(session, { hostUri, nodeUri, laneUri }, options.kind, false)
  const { entries, total } = sampleOf(found, options.sample)
  if (entries.length === 0) throw new Fault(`${laneUri} of ${nodeUri} is empty: there is nothing to make types from`)
  const isMap = found.kind === 'map'
  if (options.check !== undefined) return await check(options.check, entries, isMap)
  const [keys, values] = [new Seen(), new Seen()]
  for (const [key, value] of entries) {
    keys.add(key)
    values.add(value)
  }
  const noun = isMap ? ['entry', 'entries'] : ['item', 'items']
  const counted = found.kind === 'value' ? 'one value' : `${entries.length} of ${total} ${noun[total === 1 ? 0 : 1]}`
  const text = writeTypes(
    {
      name,
      key: isMap ? typeOf(keys) : undefined,
      value: typeOf(values),
      from: `The lane ${laneUri} of ${nodeUri}, from ${counted}.`,
    },
    options.as,
  )
  if (options.output === undefined) await print([text.trimEnd()])
  else await writeFile(options.output, text)
}

interface Sample {
  readonly entries: readonly (readonly [Value, Value])[]
  readonly total: number
}

function sampleOf(found: Found, most: number): Sample {
  if (found.kind === 'value') {
    const value = found.value.get()
    return { entries: value === undefined ? [] : [[undefined, value]], total: 1 }
  }
  const lane =
    found.kind === 'list'
      ? { size: found.list.size, at: (index: number) => [undefined, found.list.at(index)] as const }
      : { size: found.map.size, at: (index: number) => found.map.at(index)! }
  const step = Math.max(1, lane.size / most)
  const length = Math.min(lane.size, most)
  return { entries: Array.from({ length }, (_, i) => lane.at(Math.floor(i * step))), total: lane.size }
}

async function check(file: string, entries: Sample['entries'], isMap: boolean): Promise<void> {
  const wanted = readTypes(await readFile(file, 'utf8'))
  if (wanted === undefined) throw misuse(`${file} was not made by swimlink types: make it by --output`)
  if ((wanted.key !== undefined) !== isMap)
    throw new Fault(
      `${file} is for a ${isMap ? 'value' : 'map'} lane, and this one is a ${isMap ? 'map' : 'value'} lane`,
    )
  const misfits = entries.flatMap(([key, value]) => {
    const fault = (wanted.key && misfit(wanted.key, key)) ?? misfit(wanted.value, value)
    return fault === undefined ? [] : [isMap ? `the entry ${show(key)}: ${fault}` : fault]
  })
  if (misfits.length > 0) {
    const more = misfits.length > 1 ? `, and ${misfits.length - 1} more` : ''
    throw new Fault(`${misfits[0]}${more}; correct the writer, or make ${file} again by --output`)
  }
  await print([`${entries.length} fit`])
}
