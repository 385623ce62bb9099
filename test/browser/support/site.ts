// A web site of a test's own: files and texts by path, on a free port.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

const root = fileURLToPath(new URL('../../../', import.meta.url))

export interface Site {
  readonly origin: string
  close(): Promise<void>
}

/** Texts by path; `/repo/…` gives the repository's own files, dist and node_modules among them. */
export async function serve(
  pages: Readonly<Record<string, string>>,
  { headers = {}, folder }: { headers?: Record<string, string>; folder?: string } = {},
): Promise<Site> {
  const server = createServer((request, response) => {
    void (async () => {
      const path = new URL(request.url ?? '/', 'http://x').pathname
      const type = types[extname(path)] ?? 'text/html'
      try {
        const body =
          pages[path] ??
          (await readFile(
            path.startsWith('/repo/') ? root + path.slice(6) : `${folder}${path === '/' ? '/index.html' : path}`,
          ))
        response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, ...headers }).end(body)
      } catch {
        // A browser asks for an icon of its own accord, and logs an error where there is none.
        response.writeHead(path === '/favicon.ico' ? 204 : 404).end()
      }
    })()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** A page that runs one module script. */
export const pageOf = (script: string, head = ''): string =>
  `<!doctype html><meta charset="utf-8"><title>test</title>${head}<body><script type="module" src="${script}"></script>`
