// What a page loads of other clients, in bytes: minified by esbuild and packed with gzip -9, as scripts/check-size.mjs measures
// swimlink, but with all packages that they import, as they are of no use without. What a page of each needs is imported.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))

const pages = {
  '@swim/client': { code: `export { WarpClient } from '@swim/client'`, external: ['os', 'tty', 'worker_threads'] },
  'Firebase Realtime Database': {
    code: `
      export { initializeApp } from 'firebase/app'
      export { getDatabase, onValue, ref, set } from 'firebase/database'`,
  },
  'Yjs and y-websocket': {
    code: `
      export { Doc } from 'yjs'
      export { WebsocketProvider } from 'y-websocket'`,
  },
}

for (const [name, { code, external = [] }] of Object.entries(pages)) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: here },
    bundle: true,
    external,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    minify: true,
    write: false,
    logLevel: 'error',
  })
  const [{ contents }] = outputFiles
  const gzipped = gzipSync(contents, { level: 9 }).length
  const without = external.length > 0 ? `, without ${external.join(', ')}, which it imports and no page has` : ''
  console.log(
    `${name}: ${gzipped.toLocaleString('en')} bytes (${contents.length.toLocaleString('en')} minified)${without}`,
  )
}
