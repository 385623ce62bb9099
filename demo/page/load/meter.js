// What is reached: frames, updates and bytes a second, and the heap; each told once a second, with its last minute as a line.
const kept = 60

export class Meter {
  #byId
  #history = { fps: [], updates: [], bytes: [], heap: [] }
  #sums
  #atStart
  #frames = 0
  #slowestMs = 0
  /** Of the page's thread: tasks of less than 50 ms are not told of. */
  #longestTaskMs = 0
  #startedAtMs
  #lastMs

  constructor(byId) {
    this.#byId = byId
    new PerformanceObserver(list => {
      for (const { duration } of list.getEntries()) this.#longestTaskMs = Math.max(this.#longestTaskMs, duration)
    }).observe({ type: 'longtask' })
  }

  /** Another client: its sums begin anew. */
  restart() {
    this.#sums = this.#atStart = undefined
  }

  received(sums) {
    this.#sums = sums
    this.#atStart ??= sums
  }

  drawn(nowMs, load, made) {
    this.#startedAtMs ??= nowMs
    this.#slowestMs = Math.max(this.#slowestMs, nowMs - (this.#lastMs ?? nowMs))
    this.#lastMs = nowMs
    this.#frames++
    const seconds = (nowMs - this.#startedAtMs) / 1000
    if (seconds < 1) return
    if (this.#sums) this.#tell(seconds, load, made)
    this.#startedAtMs = nowMs
    this.#frames = this.#slowestMs = this.#longestTaskMs = 0
    this.#atStart = this.#sums
  }

  #tell(seconds, load, made) {
    const { updates, bytes, size, isElsewhere } = this.#sums
    const now = {
      fps: this.#frames / seconds,
      updates: (updates - this.#atStart.updates) / seconds,
      bytes: (bytes - this.#atStart.bytes) / seconds,
      heap: performance.memory?.usedJSHeapSize ?? 0,
    }
    const megabytes = value => `${(value / 1e6).toFixed(value < 1e7 ? 1 : 0)} MB`
    const texts = {
      fps: now.fps.toFixed(0),
      updates: Math.round(now.updates).toLocaleString('en'),
      bytes: megabytes(now.bytes),
      heap: now.heap ? megabytes(now.heap) : 'not told here',
    }
    for (const [name, text] of Object.entries(texts)) {
      this.#byId(name).textContent = text
      const line = this.#history[name]
      line.push(now[name])
      if (line.length > kept) line.shift()
      drawLine(document.querySelector(`[data-of=${name}]`), line, name === 'fps' ? 60 : Math.max(...line))
    }
    this.#byId('heap-of').textContent = isElsewhere ? 'heap, without the worker' : 'heap'
    const count = value => Math.round(value ?? 0).toLocaleString('en')
    this.#byId('plainly').textContent =
      `${count(size)} entries are here. Asked for ${count(load?.rate)} updates a second, the host makes ${count(made)}, ` +
      `${texts.updates} reach this page; the slowest frame of this second took ${this.#slowestMs.toFixed(0)} ms. ${this.#tasks()}`
  }

  #tasks() {
    if (!PerformanceObserver.supportedEntryTypes.includes('longtask')) return ''
    if (this.#longestTaskMs === 0) return 'No task of the page’s thread took 50 ms.'
    return `The longest task of the page’s thread took ${this.#longestTaskMs.toFixed(0)} ms.`
  }
}

function drawLine(canvas, values, top) {
  const width = (canvas.width = canvas.clientWidth * devicePixelRatio)
  const height = (canvas.height = canvas.clientHeight * devicePixelRatio)
  const context = canvas.getContext('2d')
  context.strokeStyle = getComputedStyle(canvas).color
  context.lineWidth = 1.5 * devicePixelRatio
  context.lineJoin = 'round'
  context.beginPath()
  values.forEach((value, i) => {
    const x = width - ((values.length - 1 - i) / (kept - 1)) * width
    context.lineTo(x, height - 2 - (value / (top || 1)) * (height - 4))
  })
  context.stroke()
}
