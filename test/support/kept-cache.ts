// A process of its own that has a cache on disk, so that it can be killed. Its arguments: the folder, and what it does with it.
import { fileCache } from '../../src/cache/file-store.js'

const [folder, what] = process.argv.slice(2)
const store = fileCache(folder!, { scope: 'a' })

if (what === 'hold') {
  await store.lock('x')
  console.log('held')
  setInterval(() => {}, 1_000)
} else
  for (let n = 1; ; n++) {
    await store.write({ remove: ['last'], put: [['n', `${n}`], [`k${n}`, 'x'.repeat(2_000)], [`last${n}`, '']] }) // prettier-ignore
    console.log(n)
  }
