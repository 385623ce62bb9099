// swimlink beside its peers on the same work, each by its own client and its own server: see RESULTS.md, "Peers".
//   npm --prefix bench/peers install --ignore-scripts --no-package-lock
//   npm --prefix bench/rival-client install --no-package-lock
//   npm run bench:peers -- [--rounds 3] [--only NAME …] [--work NAME …] [--part 0.1] [--write]
// Servers that are Go modules are built by the first run that needs them, into the cache. A peer whose packages or tools are missing
// is left out. --only and --work measure some; --part takes a part of the data, to see that it runs; --write puts the section into
// RESULTS.md.
import { parseArgs } from 'node:util'
import { writeSection } from './lib/results.mjs'
import { peers } from './peers/lib/all.mjs'
import { compare, section, works } from './peers/lib/report.mjs'
import { measure } from './peers/lib/run.mjs'
import { sizeOf } from './peers/lib/size.mjs'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true, default: Object.keys(peers) },
    work: { type: 'string', multiple: true, default: works },
    part: { type: 'string', default: '1' },
    write: { type: 'boolean' },
  },
})
const rounds = Number(options.rounds)
const part = Number(options.part)
const isWhole = part === 1 && options.only.length === Object.keys(peers).length && options.work.length === works.length
for (const name of options.only) if (!peers[name]) throw new Error(`--only is one of ${Object.keys(peers).join(', ')}`)
for (const work of options.work) if (!works.includes(work)) throw new Error(`--work is one of ${works.join(', ')}`)
if (options.write && !isWhole) throw new Error('--write goes with all peers, all works and all data')

const notes = []
const note = text => {
  if (!notes.includes(text)) notes.push(text)
  console.log(text)
}

const names = options.only.filter(name => {
  const why = peers[name].missing()
  if (why) note(`${peers[name].title} is left out: ${why}`)
  return !why
})
const results = Object.fromEntries(names.map(name => [name, {}]))

async function once(name, work) {
  if (work === 'size') return { bytes: await sizeOf(peers[name].page) }
  try {
    return await measure(name, work, part)
  } catch (problem) {
    note(`${peers[name].title}, ${work}: ${problem.message.split('\n')[0].replace(/^Error: /, '')}`)
    return undefined
  }
}

for (let round = 0; round < rounds; round++) {
  for (const work of options.work) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const figures = await once(name, work)
      ;(results[name][work] ??= []).push(figures)
      console.log(`round ${round + 1}, ${work}, ${name}: ${JSON.stringify(figures)}`)
    }
  }
}

const { table, losses } = compare(peers, results)
if (part !== 1) console.log(`\nonly ${part} of the data was used: these are no figures`)
console.log(`\n${table}\n\n${losses.join('\n')}`)
if (options.write) writeSection('Peers', section(peers, results, { rounds, notes }))
