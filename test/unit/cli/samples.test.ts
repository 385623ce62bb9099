// The summary of a bench's times: a percentile is one of the samples, and is left out where it would be the maximum.
import { expect, test } from 'vitest'
import { Samples } from '../../../src/cli/bench/samples.js'

/** 1, 2, … `count` milliseconds, the largest first. */
function samples(count: number, from = 1): Samples {
  const all = new Samples()
  for (let ms = from + count - 1; ms >= from; ms--) all.add(ms)
  return all
}

test.each([
  [1, { samples: 1, median: 1 }],
  [10, { samples: 10, median: 5 }],
  [19, { samples: 19, median: 10 }],
  [20, { samples: 20, median: 10, p95: 19 }],
  [99, { samples: 99, median: 50, p95: 95 }],
  [100, { samples: 100, median: 50, p95: 95, p99: 99 }],
  [380, { samples: 380, median: 190, p95: 361, p99: 377 }],
  [10_000, { samples: 10_000, median: 5000, p95: 9500, p99: 9900 }],
])('the summary of samples of 1 to %i ms', (count, summary) => {
  expect(samples(count).summary()).toStrictEqual(summary)
})

test('each percentile in a summary is below the maximum', () => {
  for (let count = 1; count <= 500; count++) {
    const { p95 = 0, p99 = 0 } = samples(count).summary()!
    expect([count, p95 < count, p99 < count]).toEqual([count, true, true])
  }
})

test('together has the samples of all; without samples there is no summary', () => {
  expect(Samples.together([samples(50), samples(50, 51), new Samples()]).summary()).toStrictEqual(
    samples(100).summary(),
  )
  expect(Samples.together([]).summary()).toBe(undefined)
})
