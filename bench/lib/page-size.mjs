// What a page loads of a client, in bytes: minified by esbuild and packed with gzip -9, as scripts/check-size.mjs measures swimlink,
// but with all packages that it imports.
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** @param resolveDir the folder from which `code` imports @param external what no page has, and is left out */
export async function pageSize({ resolveDir, code, external = [] }) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir },
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
  return { minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length }
}
