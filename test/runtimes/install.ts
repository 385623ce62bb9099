// Runtimes by npm, kept in the cache of the interop tests, outside the clone: the binaries alone, without scripts of packages.
import { execFile } from 'node:child_process'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { builtFolder } from '../interop/hosts/build-cache.js'

const run = promisify(execFile)

/** What can't be had here, and why: not for want of a network or a tool, but since npm has none for this machine. */
export class NotHad extends Error {}

/**
 * The `node_modules` with one package in it, installed on first use.
 * @throws {NotHad} where the registry has no such package or version, or none for this platform
 */
export async function installed(name: string, version: string): Promise<string> {
  const key = `${version}-${process.platform}-${process.arch}`
  const folder = await builtFolder(`runtime-${name}`, key, async into => {
    await writeFile(join(into, 'package.json'), '{ "private": true }')
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--no-progress']
    console.log(`runtimes: installing ${name} ${version}, once`)
    await run('npm', ['install', ...flags, `${name}@${version}`], { cwd: into }).catch((error: { stderr?: string }) => {
      const why = /\b(E404|ETARGET|EBADPLATFORM)\b/.exec(error.stderr ?? '')?.[1]
      throw why === undefined ? error : new NotHad(`npm has no ${name} ${version} for this machine (${why})`)
    })
  })
  return join(folder, 'node_modules')
}

/** The binary of a runtime; `pattern` matches its path below `node_modules`. */
async function binary(name: string, version: string, pattern: RegExp): Promise<string> {
  const modules = await installed(name, version)
  const paths = await readdir(modules, { recursive: true })
  const found = paths.find(path => pattern.test(path.replaceAll('\\', '/')))
  if (found === undefined) {
    throw new NotHad(`the npm package ${name} ${version} has no binary for ${process.platform} on ${process.arch}`)
  }
  return join(modules, found)
}

export const denoBinary = (version: string) => binary('deno', version, /^@deno\/[^/]+\/deno(\.exe)?$/)
export const bunBinary = (version: string) => binary('bun', version, /^@oven\/[^/]+\/bin\/bun(\.exe)?$/)
export const workerdBinary = (version: string) =>
  binary('workerd', version, /^@cloudflare\/[^/]+\/bin\/workerd(\.exe)?$/)
export const nodeBinary = (version: string) => {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  return binary(`node-${platform}-${process.arch}`, version, /^node-[^/]+\/bin\/node(\.exe)?$/)
}
