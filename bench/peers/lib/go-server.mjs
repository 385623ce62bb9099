// Servers that are Go modules: built once into the cache, outside of the clone, and run as processes of their own.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'swimlink')

const folderOf = ({ name, version }) => join(cache, `go-${name}-${version}`)
const pathOf = server => join(folderOf(server), server.name)

/** Why a server can't be had here; undefined where it can. */
export const notBuilt = server =>
  existsSync(pathOf(server)) || spawnSync('go', ['version']).status === 0
    ? undefined
    : 'its server needs Go, which is not installed'

/** The path of a server; built first where it is not there yet. */
export function goServer(server) {
  const { module, version } = server
  const folder = folderOf(server)
  const path = pathOf(server)
  if (existsSync(path)) return path
  mkdirSync(cache, { recursive: true })
  // Moved into place when it is whole, so that a build that was cut off leaves nothing half-made.
  const draft = mkdtempSync(`${folder}.`)
  console.log(`building ${module}@${version}, once`)
  const env = { ...process.env, GOBIN: draft }
  const { status } = spawnSync('go', ['install', `${module}@${version}`], { env, stdio: 'inherit' })
  if (status === 0) renameSync(draft, folder)
  else rmSync(draft, { recursive: true, force: true })
  if (status !== 0) throw new Error(`go install ${module}@${version} failed`)
  return path
}

/**
 * Runs a server with a configuration, in a folder of its own that goes with it.
 * @param configure is given that folder, and gives the configuration as text
 */
export function runServer(path, args, configure) {
  const folder = mkdtempSync(join(tmpdir(), 'swimlink-peer-'))
  const config = join(folder, 'config.json')
  writeFileSync(config, configure(folder))
  const child = spawn(path, [...args, config], { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => (log = (log + text).slice(-4000)))
  const exit = new Promise(resolve => child.once('exit', resolve))
  const ended = exit.then(code => Promise.reject(new Error(`${path} ended with ${code}:\n${log}`)))
  ended.catch(() => {})
  return {
    folder,
    /** Asks again and again until there is an answer; throws where the server has ended, or takes too long. */
    async answered(ask) {
      const most = performance.now() + 20_000
      for (;;) {
        const answer = await Promise.race([ask(), ended])
        if (answer !== undefined) return answer
        if (performance.now() > most) throw new Error(`${path} does not answer:\n${log}`)
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    },
    async close() {
      child.kill()
      await exit
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
