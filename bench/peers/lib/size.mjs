// What a page loads of a client, in bytes: minified by esbuild and packed with gzip -9, with all packages that it imports, as
// scripts/check-size.mjs and bench/rival-size do.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

export async function sizeOf({ folder, code, external = [] }) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL(`../../${folder}/`, import.meta.url)) },
    bundle: true,
    external,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    minify: true,
    write: false,
    logLevel: 'error',
  })
  return gzipSync(outputFiles[0].contents, { level: 9 }).length
}
