// The processes of a run, each on a core of its own where that can be had: one asks another over its channel, and is answered.
import { fork, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

/** Whether a process can be kept to one core. */
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '1', 'true']).status === 0

/** Starts a module of this folder. `ask` calls one of the methods that it answers. */
export function startProcess(module, { core, flags = [] }) {
  const node = [process.execPath, ...flags]
  const [execPath, ...execArgv] = canPin ? ['taskset', '-c', String(core), ...node] : node
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), { execPath, execArgv })
  const waiting = new Map()
  let asked = 0
  let ended
  child.on('message', ({ id, result, error }) => {
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) resolve(result)
    else reject(new Error(error))
  })
  const exit = new Promise(resolve => {
    child.on('exit', (code, signal) => {
      ended = new Error(`${module} ended by ${signal ?? `exit code ${code}`}`)
      for (const { reject } of waiting.values()) reject(ended)
      resolve()
    })
  })
  return {
    ask: (method, ...given) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended)
        waiting.set(++asked, { resolve, reject })
        child.send({ id: asked, method, given })
      }),
    /** It ends by itself once nobody can ask it any more; one that hangs is killed. */
    async stop() {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
      await exit
      clearTimeout(timer)
    },
  }
}

/** Answers whoever started this process, and ends with it. */
export function answer(methods, atEnd = () => {}) {
  process.on('message', async ({ id, method, given }) => {
    const say = message => process.connected && process.send(message)
    try {
      say({ id, result: await methods[method](...given) })
    } catch (error) {
      say({ id, error: error?.stack ?? String(error) })
    }
  })
  process.on('disconnect', async () => {
    await atEnd()
    process.exit()
  })
}
