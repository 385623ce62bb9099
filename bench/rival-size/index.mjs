// What a page loads of other clients, in bytes, with all packages that they import, as they are of no use without. What a page of
// each needs is imported.
import { fileURLToPath } from 'node:url'
import { pageSize } from '../lib/page-size.mjs'

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
  const { minified, gzipped } = await pageSize({ resolveDir: here, code, external })
  const without = external.length > 0 ? `, without ${external.join(', ')}, which it imports and no page has` : ''
  console.log(`${name}: ${gzipped.toLocaleString('en')} bytes (${minified.toLocaleString('en')} minified)${without}`)
}
