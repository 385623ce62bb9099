// A text of `dehydrate` as a map that stays as it is, for servers and for pages that hydrate.
import { createElement } from 'react'
import { renderToString as renderReact } from 'react-dom/server'
import { createSSRApp, h } from 'vue'
import { renderToString as renderVue } from 'vue/server-renderer'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { CacheError, dehydrate, hydrate } from '../../../src/cache/index.js'
import type { ReadableMap } from '../../../src/index.js'
import * as react from '../../../src/react.js'
import { testHost } from '../../../src/testing/index.js'
import { view } from '../../../src/view/index.js'
import * as vue from '../../../src/vue.js'

const at = { nodeUri: '/h', laneUri: 'm' }

async function textOf(entries: Iterable<readonly [never, never]>): Promise<string> {
  const host = testHost()
  const map = host.client().downlinkMap(at).open()
  for (const [key, value] of entries) host.lane('/h', 'm').set(key, value)
  await host.converged()
  const text = dehydrate(map)
  await host.close()
  return text
}

const numbers = await textOf([
  ['a', 1],
  ['b', 2],
  ['c', 3],
] as never)

describe('a map made by hydrate', () => {
  it('has the entries, and the status of an earlier visit', async () => {
    const entries = [
      [1, 'x\ny'],
      [{ id: 'k' }, { deep: [1, { two: '</script>' }] }],
      ['', true],
    ]
    const map = hydrate(await textOf(entries as never))
    expect(map.size).toBe(3)
    expect([...map.keys()]).toHaveLength(3)
    expect(map.get(1)).toBe('x\ny')
    expect(map.get({ id: 'k' } as never)).toEqual({ deep: [1, { two: '</script>' }] })
    expect(map.status).toMatchObject({ state: 'stale', because: 'cached', asOf: expect.any(Date) })
    expect(map.snapshot()).toBe(map.snapshot())
    expect(map.keySnapshot()).toBe(map.keySnapshot())
    expect(map.status).toBe(map.status)
  })

  it('may be empty, and dehydrate gives back the text it was made from', async () => {
    for (const text of [numbers, await textOf([])]) expect(dehydrate(hydrate(text))).toBe(text)
    expect(hydrate(await textOf([])).status).toMatchObject({ because: 'cached' })
  })

  it('decodes entries by the schemas, and leaves out entries that they refuse', async () => {
    const text = await textOf([
      ['a', 1],
      ['b', 'no'],
      ['c', 3],
    ] as never)
    const map: ReadableMap<string, number> = hydrate(text, { keySchema: z.string(), valueSchema: z.number() })
    expect([...map]).toEqual([
      ['a', 1],
      ['c', 3],
    ])
  })

  it('starts no timer', () => {
    const spies = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'setImmediate')]
    const map = hydrate(numbers)
    map.subscribe(() => {})
    map.subscribeTo('a', () => {})
    map.on('didChangeStatus', () => {})
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })

  it.each(['', 'x', '\n', '1\n2\n@update(key:a) 1', '1\n1\n@nothing', '1\n1\n@update(key:', `${numbers}\n`])(
    'is undefined for a text that dehydrate did not make: %j',
    text => {
      expect(() => hydrate(text)).toThrow(CacheError)
      expect(() => hydrate(text)).toThrow(/not what dehydrate\(\) gave/)
    },
  )
})

describe('on a server', () => {
  const map = hydrate<string, number>(numbers)
  const top = view(map).filter(value => value > 1)

  it('React hooks read a hydrated map, and a view over it', () => {
    const Page = ({ map }: { map: ReadableMap<string, number> }) =>
      createElement(
        'p',
        null,
        JSON.stringify([
          react.useDownlinkStatus(map).state,
          react.useMapKeys(map),
          [...react.useMapEntries(map)],
          react.useMapEntry(map, 'b'),
          react.useMapWindow(map, 1, 1),
        ]).replaceAll('"', ''),
      )
    expect(renderReact(createElement(Page, { map }))).toBe(
      '<p>[stale,[a,b,c],[[a,1],[b,2],[c,3]],2,{entries:[[b,2]],total:3}]</p>',
    )
    expect(renderReact(createElement(Page, { map: top }))).toBe(
      '<p>[stale,[b,c],[[b,2],[c,3]],2,{entries:[[c,3]],total:2}]</p>',
    )
  })

  it('Vue composables read a hydrated map, and a view over it', async () => {
    const page = (map: ReadableMap<string, number>) =>
      createSSRApp(() => {
        const [status, keys] = [vue.useDownlinkStatus(map), vue.useMapKeys(map)]
        const [entry, part] = [vue.useMapEntry(map, 'b'), vue.useMapWindow(map, 1, 1)]
        return h('p', [status.value.state, keys.value, entry.value, part.value.total].join(' '))
      })
    expect(await renderVue(page(map))).toBe('<p>stale a,b,c 2 3</p>')
    expect(await renderVue(page(top))).toBe('<p>stale b,c 2 2</p>')
  })

  it("React hooks show a linked map as empty while a page hydrates, as its entries may differ from the server's", async () => {
    const host = testHost()
    const map = host.client().downlinkMap<string, number>(at).open()
    host.lane('/h', 'm').set('a', 1)
    await host.converged()
    const Page = () => createElement('p', null, react.useDownlinkStatus(map).state, react.useMapKeys(map).length)
    expect(renderReact(createElement(Page))).toBe('<p>connecting<!-- -->0</p>')
    await host.close()
  })
})
