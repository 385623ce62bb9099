// The host of the demos: the embedded host with the hotels, and the page on the same port.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { WarpHost } from 'swimlink/host'
import { Hotel, hotels, stepMs } from './hotels.mjs'
export async function startHost({ port = 0 } = {}) {
  const host = new WarpHost()
  const lanes = []
  hotels.forEach((plan, i) => {
    const lane = host.mapLane(`/hotel/${plan.name}`, 'elevators')
    lanes.push(lane)
    const hotel = new Hotel(lane, plan, i + 1)
    setInterval(() => hotel.step(), stepMs)
  })
  host.joinMap('/city', 'elevators', lanes)
  const root = new URL('./page/', import.meta.url)
  const types = {
    html: 'text/html',
    css: 'text/css',
    js: 'text/javascript',
    woff2: 'font/woff2',
    svg: 'image/svg+xml',
    map: 'application/json',
  }
  return host.listen(port, async (q, r) => {
    let p = new URL(q.url, 'http://x').pathname.slice(1) || 'index.html'
    let f = new URL(p, root)
    if (/^swimlink\.min\.js/.test(p)) f = new URL('../dist/' + p, import.meta.url)
    if (p.startsWith('fonts/'))
      f = new URL(
        `../node_modules/@fontsource-variable/${p.includes('archivo') ? 'archivo' : 'jetbrains-mono'}/files/${p.slice(6)}`,
        import.meta.url,
      )
    try {
      const b = await readFile(fileURLToPath(f))
      r.writeHead(200, { 'content-type': types[p.split('.').pop()] ?? 'text/plain' })
      r.end(b)
    } catch {
      r.writeHead(404)
      r.end('not found')
    }
  })
}
