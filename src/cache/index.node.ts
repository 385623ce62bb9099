// Floor 8. The public door of `swimlink/cache` in Node, with a store in files.
export { fileCache } from './file-store.js'
export * from './index.js'
