// Own writes, from the call to what became of them: `put` and `remove` resolve with `taken` or `superseded`, or reject.
const kept = 4

export class WriteList {
  /** Told of keys whose writes begin or cease to wait. */
  onMark = () => {}
  #list
  /** How many writes wait, by key. */
  #waiting = new Map()

  constructor(list) {
    this.#list = list
  }

  isWaiting(key) {
    return this.#waiting.has(key)
  }

  /**
   * Shows a write until it is settled, and then what became of it.
   * @param origin said of a write before how long it waits
   */
  follow(key, text, settled, origin = '') {
    const item = document.createElement('li')
    const code = document.createElement('code')
    const told = document.createElement('span')
    code.textContent = `${key} → ${text}`
    item.append(code, told)
    item.dataset.state = 'sent'
    this.#list.prepend(item)
    this.#trim()

    const startedAtMs = performance.now()
    const tookMs = () => performance.now() - startedAtMs
    // Most writes are back within milliseconds; those that are not are seen to wait.
    let timer = setTimeout(() => {
      this.#mark(key, 1)
      item.dataset.state = 'waiting'
      const tell = () => (told.textContent = `${origin}waiting ${Math.round(tookMs() / 1000)} s`)
      tell()
      timer = setInterval(tell, 1000)
    }, 150)
    const end = (state, words) => {
      clearTimeout(timer)
      clearInterval(timer)
      if (item.dataset.state === 'waiting') this.#mark(key, -1)
      item.dataset.state = state
      told.textContent = words
    }
    settled.then(
      outcome =>
        end(outcome, outcome === 'taken' ? `taken after ${duration(tookMs())}` : 'the lane went on to another value'),
      error => end('failed', error.message),
    )
  }

  #mark(key, by) {
    const count = (this.#waiting.get(key) ?? 0) + by
    if (count > 0) this.#waiting.set(key, count)
    else this.#waiting.delete(key)
    this.onMark(key)
  }

  /** Keeps the list short: of writes that have landed, the latest. */
  #trim() {
    const landed = [...this.#list.children].filter(({ dataset }) => dataset.state !== 'waiting')
    for (const item of landed.slice(kept)) item.remove()
  }
}

const duration = ms => (ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(1)} s`)

/**
 * Finds the writes that an earlier visit has left, as they are sent again. No promise says what becomes of them: their entries do.
 * @param follow is given the key of each, its value (undefined: it removes), and a promise as `put` and `remove` have
 */
export function followRestored(client, map, follow) {
  const followed = new Map()
  const look = () => {
    for (const { key, value } of client.restoredWrites) {
      const id = JSON.stringify([key, value])
      if (followed.has(id) || !map.isPending(key)) continue
      follow(key, value, new Promise(settle => followed.set(id, { key, value, settle })))
    }
    for (const [id, { key, value, settle }] of followed) {
      if (map.isPending(key)) continue
      followed.delete(id)
      settle(JSON.stringify(map.get(key)) === JSON.stringify(value) ? 'taken' : 'superseded')
    }
  }
  // Whoever has asked what is pending is told of it as of changes.
  void map.pending
  map.subscribe(look)
}
