// RESULTS.md in parts: bench/frames.bench.mjs writes all before these sections, which have a bench each, and leave each other alone.
import { readFileSync, writeFileSync } from 'node:fs'
import { here } from './run.mjs'

const headings = ['Recon', 'One socket for all tabs', 'Peers']

const file = here('RESULTS.md')
const headOf = section => headings.find(heading => section.startsWith(`## ${heading}\n`))

/** The file as it is: what is before the sections, and each of them that is there. */
function read() {
  const sections = {}
  let before = ''
  for (const section of readFileSync(file, 'utf8').split(/^(?=## )/m)) {
    const heading = headOf(section)
    if (heading === undefined) before += section
    else sections[heading] = section.slice(`## ${heading}\n`.length)
  }
  return { before, sections }
}

function write({ before, sections }) {
  const parts = headings
    .filter(heading => sections[heading] !== undefined)
    .map(heading => `## ${heading}\n\n${sections[heading].trim()}\n`)
  writeFileSync(file, [`${before.trim()}\n`, ...parts].join('\n'))
}

/** Writes all but the sections. */
export const writeFrames = before => write({ ...read(), before })

/** Writes one section, without its heading. */
export function writeSection(heading, text) {
  const { before, sections } = read()
  write({ before, sections: { ...sections, [heading]: text } })
}
