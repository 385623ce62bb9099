// One case of the Recon bench, in a process of its own: the codecs take turns, and the medians of their turns count.
import { pathToFileURL } from 'node:url'
import { measure } from 'mitata'
import { cases, elevators, samplesOf } from './recon-cases.mjs'

const [, , bundle, name, rounds = '7'] = process.argv
const recon = await import(pathToFileURL(bundle).href)

/** @swim/recon, when it has been installed. */
async function rivals() {
  try {
    return await import('./rival/index.mjs')
  } catch {
    return undefined
  }
}

const median = values => values.sort((a, b) => a - b)[values.length >> 1]

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

if (name === 'memory') {
  console.log(
    JSON.stringify({
      json: heapOf({ write: JSON.stringify, read: JSON.parse }),
      recon: heapOf({ write: recon.stringify, read: recon.parse }),
    }),
  )
} else {
  const one = cases[name]
  const samples = samplesOf(one, recon)
  const rival = await rivals()
  const turns = { json: one.json(), recon: one.recon(recon), ...(rival && { rival: one.rival(rival) }) }
  const times = {}
  for (let round = 0; round < Number(rounds); round++) {
    for (const [codec, handle] of Object.entries(turns)) {
      const texts = samples[codec === 'json' ? 'json' : 'recon']
      let i = 0
      let kept
      // A bunch per measured call, for the clock is coarser than one record.
      const bunch = Math.min(50, texts.length)
      const stats = await measure(
        () => {
          for (let n = 0; n < bunch; n++) kept = handle(texts[(i = (i + 1) % texts.length)])
          return kept
        },
        { min_cpu_time: 150e6 },
      )
      ;(times[codec] ??= []).push(stats.p50 / bunch)
    }
  }
  console.log(
    JSON.stringify(Object.fromEntries(Object.entries(times).map(([codec, values]) => [codec, median(values)]))),
  )
}
