// Floor 8. Makes elements without HTML, so that texts from outside stay texts.

/** Attributes by name, and listeners by `on…`. An attribute that is undefined or false is left out. */
export interface Given {
  readonly [name: string]: string | number | boolean | undefined | ((event: Event) => void)
}

/** An element with attributes, listeners and children. */
export function make<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  given: Given = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag)
  give(element, given)
  element.append(...children)
  return element
}

export function give(element: Element, given: Given): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (value === undefined || value === false) element.removeAttribute(name)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
}

/** Sets the text of an element, if it differs. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

/** A list of elements, one for each key, in the order of the rows. A row that stays keeps its element, and so its focus. */
export class Keyed<T> {
  readonly #parent: Element
  readonly #create: (row: T) => { readonly element: Element; update(row: T): void }
  #rows = new Map<string, { readonly element: Element; update(row: T): void }>()

  constructor(parent: Element, create: (row: T) => { readonly element: Element; update(row: T): void }) {
    this.#parent = parent
    this.#create = create
  }

  show(rows: readonly (readonly [key: string, row: T])[]): void {
    const before = this.#rows
    this.#rows = new Map(rows.map(([key, row]) => [key, before.get(key) ?? this.#create(row)]))
    for (const [key, { element }] of before) if (!this.#rows.has(key)) element.remove()
    let next = this.#parent.firstElementChild
    for (const [key, row] of rows) {
      const { element, update } = this.#rows.get(key)!
      if (element === next) next = next.nextElementSibling
      else this.#parent.insertBefore(element, next)
      update(row)
    }
  }
}

export const count = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`
