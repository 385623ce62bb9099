// Interop support. Our own embedded host (test/interop/embedded) as a process of its own, bundled when its sources have changed.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { builtFolder, sourceKey } from './build-cache.js'
import { startHost, type RealHost } from './host-process.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

export async function startEmbeddedHost({ port }: { readonly port?: number } = {}): Promise<RealHost> {
  const key = await sourceKey(root, ['src', 'test/interop/embedded', 'package-lock.json'], [process.version])
  const folder = await builtFolder('embedded-host', key, async into => {
    await build({
      entryPoints: [join(root, 'test/interop/embedded/main.ts')],
      outfile: join(into, 'main.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      // Native, and not used here.
      external: ['classic-level'],
      logLevel: 'error',
    })
  })
  return startHost({
    name: 'swimlink/host',
    command: process.execPath,
    args: at => [join(folder, 'main.cjs'), '--port', String(at)],
    ...(port === undefined ? {} : { port }),
  })
}
