// Floor 8. The public door of `swimlink/cache` in Node, where there are files.
export { fileCache } from './file-store.js'
export * from './index.js'
