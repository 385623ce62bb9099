// A canvas of points: where vehicles are, and, glowing for a moment, which of them have just moved. Only pixels that change are
// coloured anew, so that a frame costs what has moved since the last, and not how many vehicles there are.
import { cityHeight, cityWidth } from './city.js'

/** Steps of density, and of glow: each pair has a colour. */
const levels = 64
/** Glow that a pixel keeps for a frame, of 16 parts. */
const afterglow = 14

const palettes = {
  dark: { ground: '#07131c', few: '#17608f', many: '#c4e8ff', glow: '#ffb84d' },
  light: { ground: '#e6ecec', few: '#6d9dbb', many: '#0c2c40', glow: '#dd7d00' },
}

export class CityMap {
  #canvas
  #context
  #image
  #pixels
  /** How many vehicles are on each pixel, and how long it glows yet. */
  #density
  #glow
  #glowing = []
  #colours = new Uint32Array(levels * levels)
  /** In metres, by vehicle; NaN for one that is not there. And the pixel each is drawn at, -1 for none. */
  #xs
  #ys
  #places
  #count = 0
  /** Pixels of a vehicle's side: few are drawn large. */
  #side = 3
  #scale = 1
  #left = 0
  #top = 0

  constructor(canvas, most) {
    this.#canvas = canvas
    this.#context = canvas.getContext('2d', { alpha: false })
    this.#xs = new Float32Array(most).fill(NaN)
    this.#ys = new Float32Array(most).fill(NaN)
    this.#places = new Int32Array(most).fill(-1)
    new ResizeObserver(() => this.#fit()).observe(canvas)
    const isDark = matchMedia('(prefers-color-scheme: dark)')
    const mix = () => {
      const chosen = document.documentElement.dataset.theme ?? (isDark.matches ? 'dark' : 'light')
      this.#mix(palettes[chosen])
      this.#redraw()
    }
    addEventListener('themechange', mix)
    isDark.addEventListener('change', mix)
    this.#fit()
    mix()
  }

  /** Takes a batch of changes: those that moved glow. */
  apply({ ids, xs, ys }) {
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]
      const isNew = id >= this.#count
      if (isNew) this.#count = id + 1
      this.#xs[id] = xs[i]
      this.#ys[id] = ys[i]
      this.#place(id)
      if (!isNew) this.#light(this.#places[id])
    }
    if (this.#side !== sideFor(this.#count)) this.#redraw()
  }

  /** Where a place of the city is on the page, in its pixels from the canvas's corner. */
  onPage({ x, y }) {
    const ratio = this.#canvas.width / this.#canvas.clientWidth
    return { left: (x * this.#scale - this.#left) / ratio, top: (y * this.#scale - this.#top) / ratio }
  }

  draw() {
    const glow = this.#glow
    let kept = 0
    for (let i = 0; i < this.#glowing.length; i++) {
      const pixel = this.#glowing[i]
      glow[pixel] = (glow[pixel] * afterglow) >> 4
      this.#colour(pixel)
      if (glow[pixel] > 0) this.#glowing[kept++] = pixel
    }
    this.#glowing.length = kept
    this.#context.putImageData(this.#image, 0, 0)
  }

  /** Another client begins with nothing. */
  forget() {
    this.#xs.fill(NaN)
    this.#ys.fill(NaN)
    this.#count = 0
    this.#redraw()
  }

  #place(id) {
    const { width, height } = this.#image
    const side = this.#side
    this.#stamp(this.#places[id], -1)
    const x = Math.round(this.#xs[id] * this.#scale - this.#left)
    const y = Math.round(this.#ys[id] * this.#scale - this.#top)
    // NaN, of a vehicle that is gone, is in no range.
    const isSeen = x >= 0 && y >= 0 && x < width - side && y < height - side
    this.#stamp((this.#places[id] = isSeen ? y * width + x : -1), 1)
  }

  #stamp(place, by) {
    if (place < 0) return
    const { width } = this.#image
    for (let dy = 0; dy < this.#side; dy++) {
      for (let pixel = place + dy * width, end = pixel + this.#side; pixel < end; pixel++) {
        this.#density[pixel] += by
        this.#colour(pixel)
      }
    }
  }

  /** A glow is a pixel wider than what it is of, so that it can be told from it. */
  #light(place) {
    if (place < 0) return
    const { width } = this.#image
    for (let dy = 0; dy <= this.#side; dy++) {
      for (let pixel = place + dy * width, end = pixel + this.#side; pixel <= end; pixel++) {
        if (this.#glow[pixel] === 0) this.#glowing.push(pixel)
        this.#glow[pixel] = levels - 1
      }
    }
  }

  #colour(pixel) {
    const density = Math.min(this.#density[pixel] * (this.#side === 1 ? 13 : 22), levels - 1)
    this.#pixels[pixel] = this.#colours[density * levels + this.#glow[pixel]]
  }

  #redraw() {
    this.#side = sideFor(this.#count)
    this.#density.fill(0)
    this.#glow.fill(0)
    this.#glowing.length = 0
    this.#pixels.fill(this.#colours[0])
    this.#places.fill(-1)
    for (let id = 0; id < this.#count; id++) this.#place(id)
  }

  /** The city fills the canvas; what is wider or higher is cut off. */
  #fit() {
    const canvas = this.#canvas
    const ratio = Math.min(devicePixelRatio, 2)
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio))
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio))
    this.#image = this.#context.createImageData(canvas.width, canvas.height)
    this.#pixels = new Uint32Array(this.#image.data.buffer)
    this.#density = new Uint16Array(this.#pixels.length)
    this.#glow = new Uint8Array(this.#pixels.length)
    this.#scale = Math.max(canvas.width / cityWidth, canvas.height / cityHeight)
    this.#left = (cityWidth * this.#scale - canvas.width) / 2
    this.#top = (cityHeight * this.#scale - canvas.height) / 2
    this.#redraw()
  }

  /** The colours of all pairs of density and glow, as a canvas wants them. */
  #mix(palette) {
    const [ground, few, many, glow] = ['ground', 'few', 'many', 'glow'].map(name => channels(palette[name]))
    for (let density = 0; density < levels; density++) {
      const part = density / (levels - 1)
      const base = part < 0.35 ? blend(ground, few, part / 0.35) : blend(few, many, (part - 0.35) / 0.65)
      for (let light = 0; light < levels; light++) {
        const [red, green, blue] = blend(base, glow, (light / (levels - 1)) ** 0.8)
        this.#colours[density * levels + light] = (255 << 24) | (blue << 16) | (green << 8) | red
      }
    }
  }
}

const sideFor = count => (count > 40_000 ? 1 : count > 8_000 ? 2 : 3)
const channels = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16))
const blend = (from, to, part) => from.map((channel, i) => Math.round(channel + (to[i] - channel) * part))
