// Times codecs beside each other, in Node and in a page alike.
import { median } from './median.mjs'

/** Clocks of pages are coarse: so long is timed at once, in milliseconds. */
const batchMs = 2
const turnMs = 30

/** Where what is made last is kept, so that no engine leaves the work out. */
export let kept

function batch({ handle, samples }, from, count) {
  const startMs = performance.now()
  for (let i = from; i < from + count; i++) kept = handle(samples[i % samples.length])
  return performance.now() - startMs
}

/** How many samples take so long as a batch; the codec is warm after that. */
function batchSize(codec) {
  for (let end = performance.now() + 5 * turnMs; performance.now() < end;) batch(codec, 0, codec.samples.length)
  let count = 1
  while (batch(codec, 0, count) < batchMs) count *= 2
  return count
}

/** What else runs on the machine adds to a time, and never takes of it: so the quickest quarter counts, in nanoseconds a sample. */
function turn(codec) {
  const took = []
  let from = 0
  for (let end = performance.now() + turnMs; performance.now() < end || took.length < 5; from += codec.count)
    took.push(batch(codec, from, codec.count))
  took.sort((a, b) => a - b)
  return (took[took.length >> 2] * 1e6) / codec.count
}

/**
 * Lets codecs take turns: for each its median time of a sample in nanoseconds, and the median of what it is of the first one's in the
 * same round.
 * @param codecs by name: `handle` and `samples`
 */
export function compare(codecs, rounds = 7) {
  const all = Object.entries(codecs).map(([name, codec]) => ({ name, ...codec, count: batchSize(codec), took: [] }))
  for (let round = 0; round < rounds; round++)
    for (const codec of round % 2 === 0 ? all : all.toReversed()) codec.took.push(turn(codec))
  return Object.fromEntries(
    all.map(({ name, took }) => [
      name,
      { ns: median([...took]), ratio: median(took.map((ns, round) => ns / all[0].took[round])) },
    ]),
  )
}
