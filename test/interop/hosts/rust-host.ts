// Interop support. The SwimOS Rust host (test/interop/rust): built with cargo when its sources have changed.
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { builtFolder, cacheFolder, runStep, sourceKey, toolVersion } from './build-cache.js'
import { startHost, type RealHost } from './host-process.js'

const project = fileURLToPath(new URL('../rust', import.meta.url))
const binary = 'swimlink-interop'
const install =
  'The SwimOS Rust host needs cargo and rustc 1.85 or newer and a C compiler. On Debian 13: apt-get install cargo gcc libc6-dev; ' +
  'on Debian 12: apt-get install cargo-web rustc-web gcc libc6-dev, or rustup.'

export interface RustHostOptions {
  /** 0, the default, takes a free one. */
  port?: number
  /** An agent that hears nothing for so long stops, linked or not; the crate's default is 30,000. */
  inactiveMs?: number
  /** Offers permessage-deflate; off by default. */
  deflate?: boolean
  /** A file to which it appends what the lane `recorded` of its units holds, change by change: see test/prove. */
  record?: string
}

/** Starts the SwimOS Rust host; the first call after a change of its sources builds it, which takes minutes. */
export async function startRustHost({ port, inactiveMs, deflate, record }: RustHostOptions = {}): Promise<RealHost> {
  const folder = await buildRustHost()
  return startHost({
    name: 'SwimOS Rust host',
    command: join(folder, binary),
    args: at => [
      '--port',
      String(at),
      ...(inactiveMs === undefined ? [] : ['--inactive-ms', String(inactiveMs)]),
      ...(deflate ? ['--deflate'] : []),
      ...(record === undefined ? [] : ['--record', record]),
    ],
    env: { RUST_BACKTRACE: '0' },
    ...(port === undefined ? {} : { port }),
  })
}

/** The folder that holds the built host. */
export async function buildRustHost(): Promise<string> {
  const version = await toolVersion('cargo', ['--version'], install)
  const key = await sourceKey(project, ['Cargo.toml', 'Cargo.lock', 'src'], [version, process.arch])
  return builtFolder('rust-host', key, async into => {
    // The crates stay built between changes of our own sources.
    const target = join(cacheFolder(), 'rust-target')
    await runStep({
      tool: 'cargo',
      args: ['build', '--locked'],
      cwd: project,
      env: { CARGO_TARGET_DIR: target },
      hint: install,
    })
    await copyFile(join(target, 'debug', binary), join(into, binary))
  })
}
