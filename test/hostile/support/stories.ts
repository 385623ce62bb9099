// A life of each kind of downlink in which each of its callbacks is called: opened, synced, told, written to, cut off, refused, back.
import type { ScriptedHost } from '../../support/scripted-host.js'

/** A downlink, as far as a story needs it. */
export interface Open {
  on(type: string, listener: () => unknown): () => void
  close(): void
  readonly status: { readonly state: string }
  readonly opened: boolean
}

/** Takes a downlink, and what its host says to it. What is written to one that a callback has closed is left out. */
export type Story = (open: Open, host: ScriptedHost) => Promise<void>

interface Writable extends Open {
  set(...given: unknown[]): unknown
  delete(key: unknown): unknown
  clear(): void
  push(value: unknown): unknown
  command(body: unknown): unknown
}

/** @param told what the host says once it is linked @param write what is written then, and how the host echoes it */
const story =
  (told: readonly string[], write: (open: Writable) => void, echoes: readonly string[]): Story =>
  async (open, scripted) => {
    // A client that was closed before it had a socket hears nothing.
    const host = {
      say: async (...frames: string[]) => void (scripted.peers.length > 0 && (await scripted.say(...frames))),
      cut: async () => void (scripted.peers.length > 0 && (await scripted.cut())),
      settle: () => scripted.settle(),
      clock: scripted.clock,
    }
    await host.settle()
    await host.say('@linked', '@synced')
    for (const frame of told) await host.say(frame)
    await host.settle()
    if (open.opened) write(open as Writable)
    for (const frame of echoes) await host.say(frame)
    await host.clock.advance(50)
    await host.cut()
    // Nothing answers: the client gives the link up, and asks for it anew.
    await host.clock.advance(10_500)
    await host.say('@unlinked', '@linked', '@synced')
    await host.clock.advance(1000)
    await host.say('@unlinked@laneNotFound')
    await host.clock.advance(1000)
    await host.say('@linked', '@synced')
    await host.clock.advance(100)
  }

const update = (key: string, value: number) => `@event@update(key:${key}) ${value}`
const item = (index: number, key: string, value: number) => `@event@update(index:${index},key:${key}) ${value}`

export const stories: Readonly<Record<'map' | 'value' | 'list' | 'event', Story>> = {
  map: story(
    [update('a', 1), update('b', 2), update('a', 3), '@event@remove(key:b)', '@event@drop(1)', '@event@take(1)', '@event@clear', update('c', 4)], // prettier-ignore
    map => void map.set('own', 5),
    [update('own', 5)],
  ),
  value: story(['@event 1', '@event 2'], value => void value.set(3), ['@event 3']),
  list: story(
    [item(0, 'a', 1), item(1, 'b', 2), item(2, 'c', 3), '@event@move(from:0,to:1,key:a)', '@event@remove(index:0,key:b)', item(0, 'd', 4), '@event@drop(1)', '@event@take(1)', '@event@clear', item(0, 'e', 5)], // prettier-ignore
    list => void list.push(6),
    [],
  ),
  event: story(['@event 1', '@event{a:1}'], event => void event.command(2), []),
}
