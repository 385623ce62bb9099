// Floor 3'. Serves the files of one folder over HTTP: for a demo page, not for a web site.
import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream'

const types: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.pdf': 'application/pdf',
}

/** The file that a path names within the folder, symbolic links resolved; undefined if there is none that may be read. */
async function find(folder: string, path: string): Promise<{ file: string; size: number; mtime: Date } | undefined> {
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return undefined
  }
  // Refuses parent folders, hidden files, and separators of other systems.
  if (/(^|\/)\.|[\\\0]/.test(decoded)) return undefined
  try {
    const root = await realpath(folder)
    let file = await realpath(join(resolve(root), decoded))
    let found = await stat(file)
    if (found.isDirectory()) {
      file = await realpath(join(file, 'index.html'))
      found = await stat(file)
    }
    const isInside = file.startsWith(root.endsWith(sep) ? root : root + sep)
    const isHidden = file
      .slice(root.length)
      .split(sep)
      .some(part => part.startsWith('.'))
    return isInside && !isHidden && found.isFile() ? { file, size: found.size, mtime: found.mtime } : undefined
  } catch {
    return undefined
  }
}

/** Answers with the file, or with 304. Returns false if there is no such file. */
export async function serveFile(
  folder: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const found = await find(folder, path)
  if (found === undefined) return false
  const { file, size, mtime } = found
  const etag = `W/"${size.toString(16)}-${mtime.getTime().toString(16)}"`
  // Browsers keep the file, and ask each time whether it changed: files of a demo change often.
  response.setHeader('cache-control', 'no-cache')
  response.setHeader('etag', etag)
  response.setHeader('last-modified', mtime.toUTCString())
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end()
    return true
  }
  response.setHeader('content-type', types[extname(file).toLowerCase()] ?? 'application/octet-stream')
  response.setHeader('content-length', size)
  response.writeHead(200)
  if (request.method === 'HEAD') response.end()
  else pipeline(createReadStream(file), response, () => {})
  return true
}
