// One case of the Recon bench, in a process of its own.
import { pathToFileURL } from 'node:url'
import { codecsOf } from './recon-cases.mjs'
import { elevators } from './recon-data.mjs'
import { compare } from './lib/recon-turns.mjs'

const [, , bundle, name, withRival] = process.argv
const recon = await import(pathToFileURL(bundle).href)

/** Bytes of heap for each record that a map keeps, each read from a text of its own. */
function heapOf({ write, read }) {
  const source = elevators(50_000)
  const map = new Map()
  for (const value of source.slice(0, 1000)) read(write(value))
  globalThis.gc()
  const before = process.memoryUsage().heapUsed
  source.forEach((value, i) => map.set(i, read(Buffer.from(write(value)).toString())))
  globalThis.gc()
  return (process.memoryUsage().heapUsed - before) / map.size
}

function memory() {
  const json = heapOf({ write: JSON.stringify, read: JSON.parse })
  const ours = heapOf({ write: recon.stringify, read: recon.parse })
  return { json: { bytes: json, ratio: 1 }, recon: { bytes: ours, ratio: ours / json } }
}

async function times() {
  const codecs = codecsOf(name, recon, withRival && (await import('./rival/index.mjs')))
  try {
    codecs.rival?.samples.forEach(codecs.rival.handle)
  } catch {
    // It reads no integer that is longer than a double's.
    delete codecs.rival
  }
  return compare(codecs)
}

console.log(JSON.stringify(name === 'memory' ? memory() : await times()))
