// Imports, and does nothing with what it has imported. Says which globals there are that were not, those of zod apart.
const before = new Set(Object.getOwnPropertyNames(globalThis))
await Promise.all([import('swimlink'), import('swimlink/recon'), import('swimlink/zod')])
console.log(
  JSON.stringify(Object.getOwnPropertyNames(globalThis).filter(name => !before.has(name) && !/^__zod/.test(name))),
)
export {}
