// One client of a bench, in a process of its own: told when its turn is, it runs one round and reports what that took.
import { once } from 'node:events'
import { heldBytes } from './held-bytes.mjs'
import { watchTurns } from './turns.mjs'

const [, , module, name] = process.argv
const { clients } = await import(module)
const gc = globalThis.gc ?? (() => {})

/** One turn. What it held is garbage when it returns. */
async function turn(run) {
  const before = run.memory ? heldBytes() : 0
  let startMs = 0
  let cpu
  let turns
  const begin = () => {
    turns = run.turns ? watchTurns() : undefined
    cpu = process.cpuUsage()
    startMs = performance.now()
  }
  const { held, letGo, ...more } = await clients[name]({ ...run, begin, heldBytes })
  const us = (performance.now() - startMs) * 1000
  const { user, system } = process.cpuUsage(cpu)
  const result = { us: us / run.one.count, cpuUs: (user + system) / run.one.count }
  if (turns) result.turnMs = turns()
  if (run.memory) {
    // What the socket read last is held for as long as the turn that ended the round.
    await new Promise(resolve => setImmediate(resolve))
    result.bytes = (heldBytes() - before) / run.one.count
  }
  await letGo(held)
  return { ...result, ...more }
}

for (;;) {
  const [run] = await once(process, 'message')
  try {
    const result = await turn(run)
    // Nothing of this round is left over for the next one to pay for.
    gc()
    process.send({ result })
  } catch (error) {
    process.send({ error: error.stack ?? String(error) })
  }
}
