// Floor 8. A rate as a line: one point a second for the last minute.
import { make, say } from './dom.js'

const points = 60
const width = 120
const height = 24
const svg = 'http://www.w3.org/2000/svg'

export class Spark {
  readonly element: HTMLElement
  readonly #name: string
  readonly #unit: string
  readonly #line = document.createElementNS(svg, 'polyline')
  readonly #picture = document.createElementNS(svg, 'svg')
  readonly #figure = make('b', {}, '0')
  #rates: number[] = []
  #last: number | undefined

  /** @param unit of the count */
  constructor(name: string, unit: string) {
    this.#name = name
    this.#unit = unit
    this.#picture.setAttribute('viewBox', `0 0 ${width} ${height}`)
    this.#picture.setAttribute('preserveAspectRatio', 'none')
    this.#picture.setAttribute('role', 'img')
    this.#line.setAttribute('vector-effect', 'non-scaling-stroke')
    this.#picture.append(this.#line)
    this.element = make('div', { class: 'spark' }, make('span', {}, name), this.#figure, this.#picture)
    this.#draw()
  }

  /** Starts again without points. */
  clear(): void {
    this.#rates = []
    this.#last = undefined
    this.#draw()
  }

  /** @param total the count so far @param seconds since the last call */
  add(total: number, seconds: number): void {
    const before = this.#last
    this.#last = total
    if (before === undefined || seconds <= 0) return
    this.#rates.push(Math.max(0, (total - before) / seconds))
    if (this.#rates.length > points) this.#rates.shift()
    this.#draw()
  }

  #draw(): void {
    const most = Math.max(1, ...this.#rates)
    const x = (i: number) => width - ((this.#rates.length - 1 - i) * width) / (points - 1)
    const y = (rate: number) => height - 1 - (rate / most) * (height - 2)
    const line = this.#rates.map((rate, i) => `${x(i).toFixed(1)},${y(rate).toFixed(1)}`).join(' ')
    this.#line.setAttribute('points', line)
    const now = short(this.#rates.at(-1) ?? 0)
    say(this.#figure, `${now}/s`)
    const peak = this.#rates.length === 0 ? 'nothing yet' : `now ${now}, at most ${short(most)}`
    this.#picture.setAttribute('aria-label', `${this.#name}, ${this.#unit} a second in the last minute: ${peak}`)
  }
}

const short = (n: number): string =>
  n >= 1e6
    ? `${(n / 1e6).toFixed(1)}M`
    : n >= 1e4
      ? `${(n / 1e3).toFixed(1)}k`
      : n >= 10
        ? n.toFixed(0)
        : n.toFixed(1).replace('.0', '')
