// What the testing kit takes, and what it makes of lanes that nobody has declared.
import { describe, expect, it } from 'vitest'
import '../../../src/list.js'
import '../../../src/meta.js'
import { testHost } from '../../../src/testing/index.js'

describe('times given to the testing kit', () => {
  it.each([-1, NaN, Infinity, '5', undefined, null, 5n])(
    'must be finite numbers of at least 0: %s is rejected by advance',
    async ms => {
      const host = testHost()
      const fault = { code: 'config', message: expect.stringMatching(/^advance: must be milliseconds/) as string }
      await expect(host.advance(ms as number)).rejects.toMatchObject(fault)
      expect(host.now).toBe(0)
      await host.advance(0)
      await host.close()
    },
  )

  it.each([-1, NaN, '5', null])('must be numbers of at least 0: %s is rejected by until and converged', async ms => {
    const host = testHost()
    await expect(host.until(new Promise(() => {}), ms as number)).rejects.toThrow('withinMs: must be milliseconds')
    await expect(host.converged(ms as number)).rejects.toThrow('withinMs: must be milliseconds')
    await host.close()
  })
})

describe('restart', () => {
  it.each([
    [{ keeps: false }, /keeps: there is no such option/],
    [{ keep: 0 }, /keep: must be true or false/],
    [7, /./],
  ])('throws for the options %j', async (options, message) => {
    const host = testHost()
    host.lane('/h', 'm').set('a', 1)
    expect(() => host.restart(options as object)).toThrow(message)
    expect(host.lane('/h', 'm').size).toBe(1)
    await host.close()
  })
})

describe('a lane that was not declared', () => {
  it.each([
    ['hello', 'command'],
    [{ a: 1 }, 'command'],
    [undefined, 'command'],
    [{ '@start': { speed: 7 } }, 'command'],
    [{ '@update': { key: 'a' }, '': 1 }, 'map'],
    [{ '@clear': null }, 'map'],
    [{ '@update': { index: 0, key: 'a' } }, 'list'],
  ])('is made for the command %j: a %s lane', async (body, kind) => {
    const host = testHost()
    const client = host.client()
    await host.until(client.command(host.uri, '/h?q=1', 'c', body))
    await host.idle()
    expect((host.lane('/h', 'c') as unknown as { kind: string }).kind).toBe(kind)
    await host.close()
  })

  it('sends each command to the event downlinks that are open by then', async () => {
    const host = testHost()
    const [one, other] = [host.client(), host.client()]
    const heard: unknown[] = []
    await host.until(one.command(host.uri, '/h', 'c', 'first'))
    other
      .downlinkEvent({ nodeUri: '/h', laneUri: 'c' })
      .onEvent(body => void heard.push(body))
      .open()
    await host.idle()
    await host.until(one.command(host.uri, '/h', 'c', 'second'))
    await host.idle()
    expect(heard).toEqual(['second'])
    await host.close()
  })

  it('does not exist if the test host has undeclared: false', async () => {
    const host = testHost({ undeclared: false })
    host.node('/h', node => void node.mapLane('m'))
    const client = host.client({ onError: () => {} })
    const open = (nodeUri: string, laneUri: string) => client.downlinkMap({ nodeUri, laneUri }).open()
    const maps = [open('/h', 'm'), open('/h', 'x'), open('/x', 'm')]
    await host.idle()
    expect(maps.map(({ status }) => status)).toMatchObject([
      { state: 'synced' },
      { state: 'unlinked', reason: 'laneNotFound' },
      { state: 'unlinked', reason: 'nodeNotFound' },
    ])
    await expect(host.converged(10)).rejects.toThrow(
      /x: is unlinked \(laneNotFound\)\n.*\/x m: is unlinked \(nodeNotFound\)/,
    )
    expect(() => host.lane('/x', 'm')).toThrow('no pattern matches "/x"')
    expect(() => host.lane('/h', 'x')).toThrow('/h has no lane "x"')
    await host.close()
  })
})

describe('close', () => {
  it('stops the timers of the host, such as that of its pulse', async () => {
    const host = testHost()
    const client = host.client()
    const pulse = client.meta(host.uri).pulse()
    host.lane('/h', 'm').set('a', 1)
    await host.advance(500)
    await host.close()
    expect(pulse).toBeDefined()
  })
})
