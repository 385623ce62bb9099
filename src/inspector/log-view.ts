// Floor 8. The log of frames, with its filter and its pause.
import { count, make, say } from './dom.js'
import { filtered, type Filter, type FrameStore, type Logged } from './frames.js'

const mostRows = 200

const timeOf = (at: number): string => {
  const date = new Date(at)
  const pad = (n: number, digits = 2) => String(n).padStart(digits, '0')
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
}

export class LogView {
  readonly element: HTMLElement
  readonly #store: FrameStore
  readonly #rows = make('ol', { tabindex: 0, 'aria-label': 'Frames, newest first' })
  readonly #note = make('p', { class: 'note', role: 'status' })
  readonly #filter = make('input', {
    type: 'search',
    'aria-label': 'Filter frames',
    placeholder: 'Filter',
    spellcheck: 'false',
  })
  readonly #direction = make(
    'select',
    { 'aria-label': 'Direction' },
    make('option', { value: '' }, 'in and out'),
    make('option', { value: 'in' }, 'in'),
    make('option', { value: 'out' }, 'out'),
  )
  readonly #pause = make('button', { type: 'button', 'aria-pressed': 'false' }, 'Pause')
  /** The state that is drawn now: the same state is not drawn twice. */
  #drawn = ''

  constructor(store: FrameStore) {
    this.#store = store
    const draw = () => this.draw()
    this.#filter.addEventListener('input', draw)
    this.#direction.addEventListener('change', draw)
    this.#pause.addEventListener('click', () => {
      store.isPaused = !store.isPaused
      this.#pause.setAttribute('aria-pressed', String(store.isPaused))
      draw()
    })
    const clear = make('button', { type: 'button', onclick: () => (store.clear(), draw()) }, 'Clear')
    const head = make(
      'div',
      { class: 'bar' },
      make('h2', {}, 'Frames'),
      this.#filter,
      this.#direction,
      this.#pause,
      clear,
    )
    this.element = make('section', { class: 'log', 'aria-label': 'Frames' }, head, this.#note, this.#rows)
    this.draw()
  }

  /** @param several whether there are several clients, so that each frame names its own */
  draw(several = false): void {
    const store = this.#store
    store.looked()
    const filter: Filter = { direction: this.#direction.value as Filter['direction'], text: this.#filter.value }
    const drawn = `${store.version} ${store.isPaused} ${filter.direction} ${filter.text}`
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    const shown = filtered(store.all, filter, mostRows)
    // If the reader has scrolled, the same frames stay in view.
    const { scrollTop, scrollHeight } = this.#rows
    this.#rows.replaceChildren(...shown.map(logged => rowOf(logged, several)))
    if (scrollTop > 0) this.#rows.scrollTop = Math.max(1, scrollTop + this.#rows.scrollHeight - scrollHeight)
    say(this.#note, this.#say(shown.length))
  }

  #say(shown: number): string {
    const { all, isPaused } = this.#store
    const gaps = all.some(({ kind }) => kind === 'gap')
    const what = all.length === 0 ? 'None yet.' : shown === 0 ? 'No frame fits the filter.' : ''
    const flood = gaps ? 'Too many frames to show all: this is a sample.' : ''
    return [isPaused ? 'Paused: new frames are not kept.' : '', what, flood].filter(text => text !== '').join(' ')
  }
}

function rowOf(logged: Logged, several: boolean): HTMLElement {
  const time = make('time', {}, timeOf(logged.at))
  if (logged.kind === 'gap') return make('li', { class: 'gap' }, time, ` ${count(logged.skipped, 'frame')} not shown`)
  const { direction, client, host, text } = logged
  const way = make(
    'span',
    { class: 'way', 'aria-label': direction === 'in' ? 'in' : 'out', role: 'img' },
    direction === 'in' ? '←' : '→',
  )
  const who = several ? [make('span', { class: 'who' }, client), ' '] : []
  return make('li', { class: direction, title: host }, time, ' ', way, ' ', ...who, make('code', {}, text))
}
