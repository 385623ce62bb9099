// A canvas of points: where vehicles are, and, glowing for a moment, which of them have just moved.
import { cityHeight, cityWidth } from './city.js'

const glowLevels = 64
const levels = 64

export class CityMap {
  #canvas
  #context
  #image
  #pixels
  #density
  #glow
  #colours = new Uint32Array(levels * glowLevels)
  #xs
  #ys
  #count = 0
  #scale = 1
  #left = 0
  #top = 0

  constructor(canvas, most) {
    this.#canvas = canvas
    this.#context = canvas.getContext('2d', { alpha: false })
    this.#xs = new Float32Array(most).fill(NaN)
    this.#ys = new Float32Array(most).fill(NaN)
    new ResizeObserver(() => this.#fit()).observe(canvas)
    addEventListener('themechange', () => this.#mix())
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#mix())
    this.#mix()
    this.#fit()
  }

  /** Takes a batch of changes: they glow. */
  apply({ ids, xs, ys }) {
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]
      this.#xs[id] = xs[i]
      this.#ys[id] = ys[i]
      if (id >= this.#count) this.#count = id + 1
      this.#dot(this.#glow, xs[i], ys[i], glowLevels - 1)
    }
  }

  /** Draws all of it: a few milliseconds for a hundred thousand points, whatever has changed. */
  draw() {
    const density = this.#density.fill(0)
    const step = this.#count > 40_000 ? 7 : this.#count > 8_000 ? 14 : 24
    for (let id = 0; id < this.#count; id++) this.#dot(density, this.#xs[id], this.#ys[id], step)
    const glow = this.#glow
    const pixels = this.#pixels
    const colours = this.#colours
    for (let i = 0; i < pixels.length; i++) {
      const light = glow[i]
      pixels[i] = colours[(density[i] << 6) | light]
      if (light > 0) glow[i] = light - 1 - (light >> 4)
    }
    this.#context.putImageData(this.#image, 0, 0)
  }

  forget() {
    this.#xs.fill(NaN)
    this.#ys.fill(NaN)
    this.#count = 0
  }

  #dot(buffer, xM, yM, light) {
    const width = this.#image.width
    const x = Math.round(xM * this.#scale - this.#left)
    const y = Math.round(yM * this.#scale - this.#top)
    const size = this.#count > 40_000 ? 1 : this.#count > 8_000 ? 2 : 3
    // NaN, of a vehicle that is gone, is in no range.
    if (!(x >= 0 && y >= 0 && x < width - size && y < this.#image.height - size)) return
    for (let dy = 0; dy < size; dy++) {
      for (let dx = 0; dx < size; dx++) {
        const at = (y + dy) * width + x + dx
        const sum = buffer[at] + light
        buffer[at] = sum < levels ? sum : levels - 1
      }
    }
  }

  /** The city fills the canvas; what is wider or higher is cut off. */
  #fit() {
    const canvas = this.#canvas
    const ratio = Math.min(devicePixelRatio, 2)
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio))
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio))
    this.#image = this.#context.createImageData(canvas.width, canvas.height)
    this.#pixels = new Uint32Array(this.#image.data.buffer)
    this.#density = new Uint8Array(this.#pixels.length)
    this.#glow = new Uint8Array(this.#pixels.length)
    this.#scale = Math.max(canvas.width / cityWidth, canvas.height / cityHeight)
    this.#left = (cityWidth * this.#scale - canvas.width) / 2
    this.#top = (cityHeight * this.#scale - canvas.height) / 2
  }

  /** The colours of all pairs of density and glow, from the page's own. */
  #mix() {
    const style = getComputedStyle(this.#canvas)
    const read = name => {
      this.#context.fillStyle = style.getPropertyValue(name)
      return [1, 3, 5].map(at => parseInt(this.#context.fillStyle.slice(at, at + 2), 16))
    }
    // Custom properties keep light-dark() as it stands; these are plain for each scheme.
    const isDark =
      style.colorScheme.includes('dark') &&
      (style.colorScheme === 'dark' || matchMedia('(prefers-color-scheme: dark)').matches)
    const [ground, near, far, spark] = (
      isDark ? ['#07131c', '#17608f', '#bfe6ff', '#ffb84d'] : ['#e6ecec', '#5d93b5', '#0c2c40', '#e08600']
    ).map(hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16)))
    void read
    for (let level = 0; level < levels; level++) {
      const t = Math.min(1, level / (levels - 1))
      const base = t < 0.35 ? blend(ground, near, t / 0.35) : blend(near, far, (t - 0.35) / 0.65)
      for (let glow = 0; glow < glowLevels; glow++) {
        const [r, g, b] = blend(base, spark, (glow / (glowLevels - 1)) ** 0.8)
        this.#colours[(level << 6) | glow] = (255 << 24) | (b << 16) | (g << 8) | r
      }
    }
  }
}

const blend = (from, to, t) => from.map((channel, i) => Math.round(channel + (to[i] - channel) * t))
