// A log of frames: what the sockets of this page send and get, as it stands on the wire.
const shown = 120

export class FrameLog {
  #list = document.createElement('ol')
  #hidden = new Set()
  #isHeld = false
  #fresh = []
  #frames = 0

  /** @param names of the clients; those in `off` are hidden at first */
  constructor(root, names, off) {
    const head = document.createElement('div')
    head.className = 'frames-head'
    const title = document.createElement('h3')
    title.textContent = 'Frames, newest first'
    head.append(title)
    for (const name of names) {
      head.append(
        toggle(name, !off.includes(name), isOn => {
          if (isOn) this.#hidden.delete(name)
          else this.#hidden.add(name)
          for (const item of this.#list.children) item.hidden = this.#hidden.has(item.dataset.name)
        }),
      )
    }
    head.append(toggle('Hold', false, isOn => (this.#isHeld = isOn)))
    for (const name of off) this.#hidden.add(name)
    this.#list.tabIndex = 0
    this.#list.setAttribute('aria-label', 'Frames, newest first')
    root.append(head, this.#list)
  }

  /** What to tell a client's wire. */
  listener(name) {
    return (way, text) => {
      if (this.#isHeld) return
      this.#fresh.push({ name, way, text, at: new Date() })
      // A flood is cut where it would be cut anyway: before it costs anything.
      if (this.#fresh.length > shown) this.#fresh.shift()
      if (this.#frames === 0) this.#frames = requestAnimationFrame(() => this.#draw())
    }
  }

  #draw() {
    this.#frames = 0
    // A reader who has scrolled away from the newest stays where he is.
    const { scrollTop, scrollHeight } = this.#list
    this.#list.prepend(
      ...this.#fresh
        .splice(0)
        .map(frame => this.#item(frame))
        .reverse(),
    )
    while (this.#list.children.length > shown) this.#list.lastElementChild.remove()
    if (scrollTop > 0) this.#list.scrollTop = scrollTop + this.#list.scrollHeight - scrollHeight
  }

  #item({ name, way, text, at }) {
    const item = document.createElement('li')
    item.className = way
    item.dataset.name = name
    item.hidden = this.#hidden.has(name)
    const time = document.createElement('time')
    time.textContent = `${at.toLocaleTimeString('en-GB')}.${String(at.getMilliseconds()).padStart(3, '0')}`
    item.append(time, span('who', name), span('way', way === 'in' ? '←' : '→'), spell(text))
    return item
  }
}

const span = (className, text) => Object.assign(document.createElement('span'), { className, textContent: text })

/** Recon in colours: attributes, texts, numbers. */
function spell(text) {
  const all = span('text', '')
  const cutText = text.length > 400 ? `${text.slice(0, 400)}…` : text
  for (const part of cutText.split(/(@\w+|"(?:[^"\\]|\\.)*"|\b-?\d[\d.]*\b)/)) {
    const tag = part.startsWith('@') ? 'b' : part.startsWith('"') ? 'i' : /^-?\d/.test(part) ? 'u' : undefined
    if (tag === undefined) all.append(part)
    else all.append(Object.assign(document.createElement(tag), { textContent: part }))
  }
  return all
}

function toggle(text, isOn, change) {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: text })
  button.setAttribute('aria-pressed', String(isOn))
  button.addEventListener('click', () => {
    isOn = !isOn
    button.setAttribute('aria-pressed', String(isOn))
    change(isOn)
  })
  return button
}
