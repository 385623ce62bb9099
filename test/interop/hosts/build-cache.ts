// Interop support. Where hosts and foreign clients are kept, outside the clone, and how one is built when its sources have changed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join, relative } from 'node:path'

/** No build may take longer: a cold one takes minutes on two cores. */
const maxBuildMs = 1_200_000

export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'swimlink')
}

/** What a tool says of its version; throws an error that says what to install where the tool is missing. */
export async function toolVersion(tool: string, args: readonly string[], install: string): Promise<string> {
  const { code, output } = await run(tool, args, {}).catch((problem: unknown) => {
    throw new Error(`${tool} could not be started. ${install}`, { cause: problem })
  })
  if (code !== 0) throw new Error(`${tool} ${args.join(' ')} failed. ${install}\n${output}`)
  return output.trim()
}

/** A hash over the named files and folders below a root, and over whatever else the build depends on. */
export async function sourceKey(root: string, paths: readonly string[], extra: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) {
    for (const file of (await filesBelow(join(root, path))).sort()) {
      hash
        .update(`${relative(root, file)}\0`)
        .update(await readFile(file))
        .update('\0')
    }
  }
  for (const text of extra) hash.update(text).update('\0')
  return hash.digest('hex').slice(0, 16)
}

/**
 * The folder `name-key` of the cache, built first where it is not there yet. The build writes to a folder of its own
 * that is moved into place when it is whole, so that a build cut off, or two at once, leave nothing half-made.
 */
export async function builtFolder(name: string, key: string, build: (into: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), `${name}-${key}`)
  if (existsSync(folder)) return folder
  const draft = `${folder}.${process.pid}.tmp`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  try {
    await build(draft)
    await rename(draft, folder)
  } catch (problem) {
    await rm(draft, { recursive: true, force: true })
    if (!existsSync(folder)) throw problem
  }
  return folder
}

export interface BuildStep {
  tool: string
  args: readonly string[]
  cwd: string
  env?: Record<string, string>
  /** Said when the step fails. */
  hint: string
}

/** Runs one step of a build, with its output in a log in the cache; throws with the end of that log. */
export async function runStep({ tool, args, cwd, env, hint }: BuildStep): Promise<void> {
  const log = join(cacheFolder(), `${basename(tool)}-${process.pid}.log`)
  await mkdir(cacheFolder(), { recursive: true })
  const started = performance.now()
  console.log(`interop: running ${tool}, once; the log is ${log}`)
  const { code, output } = await run(tool, args, { cwd, env: { ...process.env, ...env }, log })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (code !== 0)
    throw new Error(`${tool} failed after ${seconds} s. ${hint}\n${output.split('\n').slice(-40).join('\n')}`)
  console.log(`interop: ${tool} done in ${seconds} s`)
  await rm(log, { force: true })
}

interface RunOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  log?: string
}

async function run(
  tool: string,
  args: readonly string[],
  { cwd, env, log }: RunOptions,
): Promise<{ code: number; output: string }> {
  const file = log === undefined ? undefined : await open(log, 'w')
  try {
    const child = spawn(tool, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: maxBuildMs })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-200_000)
        void file?.write(text).catch(() => undefined)
      })
    }
    const code = await new Promise<number>((settle, fail) => {
      child.once('error', fail).once('close', (status, signal) => {
        if (signal !== null) output += `\nended by ${signal}`
        settle(status ?? 1)
      })
    })
    return { code, output }
  } finally {
    await file?.close()
  }
}

async function filesBelow(path: string): Promise<string[]> {
  const found = await readdir(path, { recursive: true, withFileTypes: true }).catch(
    (problem: NodeJS.ErrnoException) => {
      if (problem.code === 'ENOTDIR') return undefined
      throw problem
    },
  )
  if (found === undefined) return [path]
  return found.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}
