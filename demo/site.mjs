// The folder that is served: the page as it is here, and what it takes from elsewhere, so that it needs no other server.
import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const at = path => fileURLToPath(new URL(path, import.meta.url))
const site = at('../node_modules/.cache/swimlink-demo')
/** What pages load that is not in `page/`. */
const made = [
  'swimlink.min.js',
  'swimlink-kept.min.js',
  'swimlink-view.min.js',
  'swimlink-inspector.min.js',
  'swimlink-shared.min.js',
  'swimlink-worker.min.js',
  'react/hotel.js',
  'fonts/archivo.woff2',
  'fonts/jetbrains-mono.woff2',
]

/** Assembles the folder, and gives its path. What is there already and not older is left as it is. */
export async function assembleSite() {
  const fonts = at('../node_modules/@fontsource-variable')
  await mkdir(join(site, 'fonts'), { recursive: true })
  await copy(at('page'), '.')
  await copy(at('../dist/swimlink.min.js'), 'swimlink.min.js')
  await copy(at('../dist/swimlink.min.js.map'), 'swimlink.min.js.map')
  await copy(at('../dist/swimlink-worker.min.js'), 'swimlink-worker.min.js')
  await copy(`${fonts}/archivo/files/archivo-latin-standard-normal.woff2`, 'fonts/archivo.woff2')
  await copy(`${fonts}/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2`, 'fonts/jetbrains-mono.woff2')
  await Promise.all([
    bundle('swimlink.mjs', 'swimlink-kept.min.js'),
    bundle('../dist/browser/view/index.js', 'swimlink-view.min.js'),
    bundle('../dist/browser/inspector/index.js', 'swimlink-inspector.min.js'),
    bundle('../dist/browser/shared/index.js', 'swimlink-shared.min.js'),
    bundle('page/react/hotel.jsx', 'react/hotel.js'),
  ])
  await listFiles()
  return site
}

/** What a browser keeps to open pages without this server: page/service-worker.js. Another version is another list. */
async function listFiles() {
  const found = await readdir(at('page'), { recursive: true, withFileTypes: true })
  const pages = found
    .filter(entry => entry.isFile() && !/\.jsx$|^service-worker/.test(entry.name))
    .map(entry => relative(at('page'), join(entry.parentPath, entry.name)).split(sep).join('/'))
  const files = [...pages, ...made].sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(file).update(await readFile(join(site, file)))
  const kept = { version: hash.digest('hex').slice(0, 16), files: ['./', ...files] }
  await replace('kept-files.js', `const kept = ${JSON.stringify(kept, null, 2)}\n`)
}

/** Views, caches and the inspector are entries for bundlers, and React has no build for script tags: one file each, made here as any application's would be. */
async function bundle(entry, file) {
  const { outputFiles } = await build({
    entryPoints: [at(entry)],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    minify: true,
    conditions: ['browser'],
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  await replace(file, outputFiles[0].contents)
}

/** Whoever is served meanwhile, by another start of this demo, gets the old file or the new one, and not half of it. */
async function replace(file, contents) {
  const fresh = join(site, `${file}-${process.pid}`)
  await writeFile(fresh, contents)
  await rename(fresh, join(site, file))
}

function copy(from, to) {
  return cp(from, join(site, to), { recursive: true, preserveTimestamps: true, filter: isNews })
}

async function isNews(from, to) {
  const [source, target] = await Promise.all([stat(from), stat(to).catch(() => undefined)])
  return (
    source.isDirectory() || target === undefined || source.mtimeMs !== target.mtimeMs || source.size !== target.size
  )
}
