// Runs the cases of a bench: clients take turns within each round, each in a process of its own, and medians count.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { median } from './median.mjs'

export const here = name => fileURLToPath(new URL(`../${name}`, import.meta.url))
const builtUrl = name => new URL(`../../dist/node/${name}`, import.meta.url).href

export const hasRival = existsSync(here('rival-client/node_modules/@swim/client'))

/** The host process; `port` is where it listens, `prepare` makes it ready for cases, and forgets the ones before. */
export async function startServer() {
  const server = fork(here('lib/server.mjs'), [builtUrl('recon/index.js')])
  const [{ port }] = await once(server, 'message')
  return {
    port,
    async prepare(cases, formats = ['json', 'recon']) {
      server.send({ cases, formats })
      await once(server, 'message')
    },
    stop: () => server.kill(),
  }
}

/** A client process: `run` lets it have one turn. */
export function startClient(name, { module = 'lib/clients.mjs', flags = [] } = {}) {
  const child = fork(here('lib/child.mjs'), [new URL(`../${module}`, import.meta.url).href, name], {
    execArgv: ['--expose-gc', ...flags],
  })
  return {
    async run(turn) {
      child.send(turn)
      const [{ result, error }] = await once(child, 'message')
      if (error) throw new Error(`${name}: ${error}`)
      return result
    },
    stop: () => child.kill(),
    /** Lets it end by itself, as a profiler wants it. */
    exit: () => child.disconnect(),
  }
}

/**
 * Lets the clients of a case take turns for some rounds; see `compared`.
 * @param names of the clients; `swimlink=<url of a bundle>` is swimlink as built there
 */
export async function alternate(one, names, { port, rounds, turn = {}, forClient = {}, options = {} }) {
  const clients = names.map(name => {
    const [client, bundle = builtUrl('index.js')] = name.split('=')
    return { name, client, bundle, process: startClient(client, options), results: [] }
  })
  try {
    for (let round = 0; round < rounds; round++) {
      for (const each of round % 2 === 0 ? clients : [...clients].reverse()) {
        each.results.push(
          await each.process.run({ one: forClient[each.client] ?? one, port, bundle: each.bundle, ...turn }),
        )
        if (!options.fresh) continue
        each.process.stop()
        each.process = startClient(each.client, options)
      }
    }
  } finally {
    for (const { process } of clients) process.stop()
  }
  return compared(
    clients.map(({ name }) => name),
    clients.map(({ results }) => results),
  )
}

/** For each client and figure: the median over the rounds, and the median ratio to the first client's of the same round. */
export const compared = (names, results) =>
  Object.fromEntries(
    names.map((name, i) => [
      name,
      Object.fromEntries(
        Object.keys(results[i][0]).map(figure => [
          figure,
          {
            value: median(results[i].map(result => result[figure])),
            ratio: median(results[i].map((result, round) => result[figure] / (results[0][round][figure] ?? NaN))),
          },
        ]),
      ),
    ]),
  )
