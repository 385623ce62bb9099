// Run by test/unit/recon/work.test.ts in a process of its own: reads families of texts, and writes how much work each took beside
// plain records of the same length.
import type * as Codec from './codec.js'
import { counted } from './count.js'
import { chance, known, plain, randomFamily, type Family } from './families.js'

const [url, seed, count] = process.argv.slice(2) as [string, string, string]
const [codec, work] = await counted<typeof Codec>(url)
const { MapOpReader, Reader, compare, equals, forget, identity, parse, readEnvelope, stringify } = codec

const next = chance(Number(seed))
const families: { [name: string]: Family } = { ...known }
for (let i = 0; i < Number(count); i++) families[`made by chance, ${i}`] = randomFamily(next)

/** A text's records apart, where it has enough of them. */
function parts(text: string): string[] {
  const all = text.split(/(?<=[}\])]),(?=[{@[(])/)
  return all.length > 20 ? all : []
}

/** Frames of a map about each. */
const frames = (values: string[]) =>
  values.map(value => `@event(node:"/hotel/lobby",lane:lifts)@update(key:"lift-1")${value}`)

/** Frames whose heads have each for a parameter; no two heads are alike. */
const heads = (values: string[]) => values.map((value, i) => `@event(node:${i},lane:b,via:${value})`)

const valueOf = (text: string) => {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}

function deliver(texts: string[]): void {
  const reader = new Reader()
  const ops = new MapOpReader(reader)
  for (const text of texts) {
    try {
      ops.read(text, readEnvelope(text, reader).bodyAt)
    } catch {
      // What a frame has wrong is told and stops nothing.
    }
  }
}

/** What is done to a text, or to its value, and from which state of memory. */
const ways: { [name: string]: (text: string) => () => void } = {
  read: text => (forget(), () => parse(text)),
  'read again': text => (forget(), valueOf(text), () => parse(text)),
  'read after all the others': text => () => parse(text),
  'read as the parameters of a head': text => (
    forget(),
    () => readEnvelope(`@event(node:a,lane:b,via:{${text}})`, new Reader())
  ),
  'read as a key': text => (forget(), () => new MapOpReader(new Reader()).read(`@update(key:{${text}},at:1)`, 0)),
  written: text => {
    const value = valueOf(text)
    return () => stringify(value)
  },
  'made a key': text => {
    const value = valueOf(text)
    return () => identity(value)
  },
  compared: text => {
    const [a, b] = [valueOf(text), valueOf(text)]
    return () => {
      compare(a, b)
      equals(a, b)
    }
  },
}

const length = 12_000
const results: { way: string; family: string; ratio: number }[] = []
const perChar = async (chars: number, run: () => void) => (await work(run)) / chars

for (const [way, prepare] of Object.entries(ways)) {
  const measure = (family: Family) => {
    const text = family(length)
    return perChar(text.length, prepare(text))
  }
  const usual = await measure(plain)
  for (const [family, of] of Object.entries(families)) results.push({ way, family, ratio: (await measure(of)) / usual })
}

// What grows faster than a text shows where the text is long.
{
  const measure = (family: Family) => {
    const text = family(8 * length)
    return perChar(text.length, ways['read']!(text))
  }
  const usual = await measure(plain)
  for (const [family, of] of Object.entries(known))
    results.push({ way: 'read at length', family, ratio: (await measure(of)) / usual })
}

// Many short texts by one reader, beside as many plain ones that are as long.
for (const [way, made] of Object.entries({ 'read as frames': frames, 'read as heads': heads })) {
  const measure = (values: string[]) => {
    const texts = made(values)
    forget()
    return perChar(texts.join('').length, () => deliver(texts))
  }
  for (const [family, of] of Object.entries(families)) {
    const values = parts(of(length))
    if (values.length === 0) continue
    const usual = await measure(values.map(value => `{${plain(value.length)}}`))
    results.push({ way, family, ratio: (await measure(values)) / usual })
  }
}
process.stdout.write(JSON.stringify(results))
