// docs/PROTOCOL.md: what the code refers to is there, and every frame it shows is one.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Reader } from '../../src/recon/index.js'
import { readEnvelope } from '../../src/warp/read-envelope.js'
import { MapOpReader } from '../../src/warp/map-op.js'

const root = new URL('../../', import.meta.url)
const page = readFileSync(new URL('docs/PROTOCOL.md', root), 'utf8')
const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title!.toLowerCase().replaceAll(' ', '-'))

function* filesBelow(folder: URL): Generator<URL> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const url = new URL(entry.isDirectory() ? `${entry.name}/` : entry.name, folder)
    if (entry.isDirectory()) yield* filesBelow(url)
    else if (/\.(ts|md)$/.test(entry.name)) yield url
  }
}

describe('the page of the protocol', () => {
  test('has every section that the code and the other pages refer to', () => {
    const missing = ['src/', 'test/unit/', 'docs/'].flatMap(folder =>
      [...filesBelow(new URL(folder, root))].flatMap(url =>
        [...readFileSync(url, 'utf8').matchAll(/PROTOCOL\.md#([a-z-]+)/g)]
          .filter(([, anchor]) => !anchors.includes(anchor!))
          .map(([found]) => `${url.pathname.slice(root.pathname.length)}: ${found}`),
      ),
    )
    expect(missing).toEqual([])
  })

  test('has every section that it refers to itself', () => {
    const links = [...page.matchAll(/\]\(#([a-z-]+)\)/g)].map(([, anchor]) => anchor!)
    expect(links.filter(anchor => !anchors.includes(anchor))).toEqual([])
    expect(links.length).toBeGreaterThan(10)
  })

  const frames = [...page.matchAll(/^[<>] (@.+)$/gm)].map(([, frame]) => frame!)

  test.each(frames)('%s is an envelope', frame => {
    const reader = new Reader()
    const { tag, node, lane, bodyAt } = readEnvelope(frame, reader)
    expect(tag).toMatch(/auth/.test(frame) ? /^(auth|authed)$/ : /^\w+$/)
    if (!frame.startsWith('@auth')) expect(`${node} ${lane}`).toMatch(/^(\/|swim:meta:)[^ ]* [\w-]+$/)
    const isMap = lane === 'map' && (tag === 'event' || tag === 'command') && frame.slice(bodyAt).startsWith('@')
    if (isMap) expect(new MapOpReader(reader).read(frame, bodyAt)).toMatch(/update|remove|clear|drop|take/)
  })

  test('shows enough of them', () => {
    expect(frames.length).toBeGreaterThan(40)
  })
})
