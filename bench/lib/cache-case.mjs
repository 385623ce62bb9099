// What bench/cache.bench.mjs does, in Node and in a page alike: a lane of many entries of six fields is kept, and read again.

const now = () => performance.now()
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

/** A network that never comes up. */
class NoSocket {
  readyState = 0
  bufferedAmount = 0
  close() {}
  send() {}
}

/** A store whose times are added up. */
function timed(store) {
  const took = { ms: 0, calls: 0 }
  const of =
    name =>
    async (...given) => {
      const from = now()
      try {
        return await store[name](...given)
      } finally {
        took.ms += now() - from
        took.calls++
      }
    }
  const { scope, maxBytes } = store
  return { took, scope, maxBytes, read: of('read'), write: of('write'), lock: of('lock'), close: of('close') }
}

/** Resolves when the store has been left alone for a while. */
async function quiet(took) {
  for (let calls = -1; calls !== took.calls; await pause(2500)) calls = took.calls
}

/**
 * @param given.makeStore gives the store of a scope, as another visit has it
 * @param given.change has so many entries of the lane changed by its host
 * @param given.longest begins to look for the longest task, and tells of it at the second call
 */
export async function keep({ SwimClient, makeStore, parse, hostUri, count, change, rounds, longest }) {
  const lane = { hostUri, nodeUri: '/n', laneUri: 'rows' }
  const kept = timed(makeStore())
  const client = new SwimClient({ cache: kept })
  const map = client.downlinkMap({ ...lane, cache: true }).open()
  await map.whenSynced({ timeoutMs: 60_000 })
  await pause(500)
  longest?.()
  await quiet(kept.took)
  const written = { ms: kept.took.ms, longestMs: longest?.() }
  kept.took.ms = 0
  await change(1000)
  await quiet(kept.took)
  const changedMs = kept.took.ms
  await client.close()
  await kept.close()
  await pause(500)

  const rows = { ours: [], bare: [], open: [], openWithout: [] }
  for (let round = 0; round < rounds; round++) {
    // The same text, from the same store, by the same codec, and nothing made of it.
    const store = makeStore()
    let from = now()
    let entries = 0
    for (const [key, text] of await store.read('lane\n')) {
      if (key.endsWith('!')) continue
      for (const line of text.split('\n').slice(1)) {
        parse(line)
        entries++
      }
    }
    rows.bare.push(now() - from)
    await store.close()
    if (entries < count) throw new Error(`only ${entries} entries are kept`)

    const again = makeStore()
    const reader = new SwimClient({ cache: again, webSocket: NoSocket, onError: () => {} })
    from = now()
    const shown = reader.downlinkMap({ ...lane, cache: true }).open()
    rows.open.push(now() - from)
    await shown.whenReadable()
    rows.ours.push(now() - from)
    if (shown.size < count) throw new Error(`only ${shown.size} entries show`)
    from = now()
    reader.downlinkMap({ ...lane, laneUri: 'other' }).open()
    rows.openWithout.push(now() - from)
    await reader.close()
    await again.close()
    await pause(300)
  }
  return { written, changedMs, ...rows }
}
