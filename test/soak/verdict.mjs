// Whether what a client holds grows, by samples of an even load.

const median = numbers => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** The most that each may grow from the second quarter of the samples to the last, by medians: a share of it, and so much besides. */
const most = {
  bytes: [0.03, 200_000],
  timers: [0.1, 5],
  listeners: [0.1, 5],
  sockets: [0, 1],
  links: [0.1, 3],
  pending: [0.2, 50],
}

/** What grew, each said in a sentence; the first quarter is for what is made once. */
export function grows(samples) {
  const quarter = Math.floor(samples.length / 4)
  if (quarter === 0) return ['fewer than four samples: let it run for two minutes or more']
  const of = (name, from) => median(samples.slice(from, from + quarter).map(({ client }) => client[name]))
  return Object.entries(most).flatMap(([name, [share, more]]) => {
    const [early, late] = [of(name, quarter), of(name, samples.length - quarter)]
    return late > early * (1 + share) + more ? [`${name} grew from ${early} to ${late}`] : []
  })
}
