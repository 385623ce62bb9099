// skills/swimlink/SKILL.md, the page for coding assistants: all its code compiles, and each mistake has the outcome that the
// page warns of, in a process of its own and linked to a host; what is right has the other.
// @module-tag full
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { refuse, WarpHost, type MapLane } from '../../src/host/index.js'
import { run } from './docs/run.js'
import { root, type Section } from './docs/sections.js'
import { typeFaults } from './docs/types.js'

const page = 'skills/swimlink/SKILL.md'
const text = readFileSync(root + page, 'utf8')

/** What its reader has already, on the free line above each block. */
const before: Record<string, string> = {
  ts: `import { testHost } from 'swimlink/testing'; interface Elevator { floor: number; occupied: boolean };`,
  tsx: `
    import { memo, useMemo } from 'react'
    import type { MapDownlink, SwimClient } from 'swimlink'
    import { useMapDownlink, useMapEntries, useMapEntry, useMapKeys } from 'swimlink/react'
    interface Elevator { floor: number; occupied: boolean }
    declare const client: SwimClient
  `.replaceAll('\n', ';'),
}

/** Each block, by its heading and what its first line says it is. */
const blocks = new Map<string, Section>()
let heading = ''
for (const { 1: title, 2: language, 3: code, index } of text.matchAll(/^#+ (.*)$|^```(\w+)\n([^]*?)^```$/gm)) {
  heading = title ?? heading
  if (code === undefined) continue
  const [kind = ''] = /(?<=^\/\/ )(Wrong|Right)/.exec(code) ?? []
  const line = text.slice(0, index).split('\n').length
  const name = `${heading}: ${kind}`
  blocks.set(name, { page, name, language: language!, line, text: '\n'.repeat(line - 1) + `\n${code}` })
}
const compiled = [...blocks.values()].map(block => {
  const above = block.language === 'ts' && block.name.startsWith('Using') ? '' : before[block.language]!
  return { ...block, text: block.text.replace(/\n(?=[^\n])/, `${above}\n`) }
})

interface Outcome {
  /** Code that goes on after the block's own. */
  readonly after?: string
  readonly prints?: readonly string[]
  /** What lanes hold in the end, where it is not what they held. */
  readonly lanes?: Record<string, object>
}

const countClients = `
  const [Given, made] = [SwimClient, []]
  globalThis.SwimClient = class extends Given { constructor(options) { super(options); made.push(this) } }
  console.log(await Promise.all([floorOf('guest'), floorOf('guest'), floorOf('guest')]))
  console.log(made.length, 'more clients')
  await Promise.all(made.map(one => one.close()))
`
const guest = { floor: 4, occupied: true, maker: 'Otis' }

const outcomes: Record<string, Outcome> = {
  'Using swimlink: ': { prints: ['4', 'guest 5'], lanes: { elevators: { guest: { floor: 5, occupied: false } } } },
  'A client for each call: Wrong': { after: countClients, prints: ['[ 4, 4, 4 ]', '3 more clients'] },
  'A client for each call: Right': {
    after: `${countClients}; await client.close()`,
    prints: ['[ 4, 4, 4 ]', '0 more clients'],
  },
  'Reading before the first sync: Wrong': { prints: ['undefined'] },
  'Reading before the first sync: Right': { prints: ['4'] },
  'Changing a value in place: Wrong': {},
  'Changing a value in place: Right': { lanes: { elevators: { guest: { ...guest, floor: 5 } } } },
  'Ending the process before its writes are delivered: Wrong': {},
  'Ending the process before its writes are delivered: Right': { lanes: { notes: { a: 'milk' } } },
  'Taking a promise that resolved for a value that is stored: Wrong': { prints: ['saved'] },
  'Taking a promise that resolved for a value that is stored: Right': { prints: ['refused: the lane has 120'] },
  'Awaiting a write before it is shown: Wrong': {
    after: `const saved = save('milk'); await notes.whenSynced(); console.log('nothing yet'); await saved`,
    prints: ['nothing yet', 'rendered: milk'],
    lanes: { notes: { a: 'milk' } },
  },
  'Awaiting a write before it is shown: Right': {
    after: `
      const shown = new Set()
      globalThis.render = text => shown.add(text)
      save('milk')
      while (!shown.has('milk')) await new Promise(setImmediate)
      console.log([...shown])`,
    prints: [`[ 'milk, not saved yet', 'milk' ]`],
    lanes: { notes: { a: 'milk' } },
  },
  'Polling: Right': {
    after: `await new Promise(heard => elevators.subscribe(heard))`,
    prints: [`rendered: Map(1) { 'guest' => { floor: 4, occupied: true, maker: 'Otis' } }`],
  },
  'Reconnecting by hand: Right': {
    after: `await elevators.whenSynced()`,
    prints: ['linking', 'syncing', 'synced', 'closed'],
  },
  'Losing keys that a schema does not know: Wrong': { lanes: { elevators: { guest: { floor: 5 } } } },
  'Losing keys that a schema does not know: Right': { lanes: { elevators: { guest: { ...guest, floor: 5 } } } },
  'Sleeping in tests: Right': { prints: ['synced'] },
}

/** What is compiled alone, and why. */
const others: Record<string, string> = {
  'Polling: Wrong': 'goes on for ever',
  'Reconnecting by hand: Wrong': 'goes on for ever',
  'Opening a downlink while rendering: Wrong': 'is for a page',
  'Opening a downlink while rendering: Right': 'is for a page: test/browser/docs.test.ts has the like of it',
  'Rendering all rows when one changes: Wrong': 'is for a page',
  'Rendering all rows when one changes: Right': 'is for a page: test/browser/docs.test.ts has the like of it',
  'Sleeping in tests: Wrong': 'takes a second',
}

test('says who it is for, as assistants look for it', () => {
  const [, name, description] = /^---\nname: (.*)\ndescription: (.*)\n---\n\n# /.exec(text) ?? []
  expect(name).toBe('swimlink')
  expect(description!.length).toBeGreaterThan(50)
  expect(description!.length).toBeLessThanOrEqual(1024)
})

test('its code compiles', () => {
  expect(typeFaults(compiled)).toEqual([])
})

test('each mistake has what is wrong and what is right, and each is tried here, or is known not to be', () => {
  expect([...Object.keys(outcomes), ...Object.keys(others)].sort()).toEqual([...blocks.keys()].sort())
  for (const name of blocks.keys()) expect(blocks.has(name.replace('Wrong', 'Right'))).toBe(true)
})

test('its files are there', () => {
  const named = [...text.matchAll(/(?<![/\w])(docs\/\w+\.md|llms\.txt)/g)].map(([file]) => file)
  expect(named.length).toBeGreaterThan(5)
  for (const file of named) expect(() => readFileSync(root + file), file).not.toThrow()
})

describe('on a host', () => {
  let host: WarpHost
  let uri: string
  const lane = (name: string) => host.nodeRef('/hotel/lobby').lane(name, 'map') as MapLane<string, unknown>

  beforeEach(async () => {
    host = new WarpHost().node('/hotel/:id', node => {
      node.mapLane<string, object>('elevators').set('guest', guest)
      node.mapLane('notes')
      node.mapLane<string, number>('limits', { willUpdate: (_, to) => (to > 120 ? refuse : to) }).set('speed', 120)
    })
    uri = (await host.listen()).uri
  })
  afterEach(() => host.close())

  test.each(Object.entries(outcomes))('%s', async (name, { after = '', prints = [], lanes = {} }) => {
    const block = blocks.get(name)!
    const replace: Record<string, string> = block.text.includes('warp://example.com')
      ? { 'warp://example.com': uri }
      : {}
    const imports = name.startsWith('Using') ? '' : `import { testHost } from 'swimlink/testing';`
    const { code, stdout, stderr } = await run({ ...block, text: imports + block.text }, uri, { replace, after })
    expect(stderr).toBe('')
    expect(stdout).toBe(prints.map(line => `${line}\n`).join(''))
    expect(code).toBe(0)
    const held = { elevators: { guest }, notes: {}, limits: { speed: 120 }, ...lanes }
    for (const [name, entries] of Object.entries(held)) expect(Object.fromEntries(lane(name))).toEqual(entries)
  })
})
