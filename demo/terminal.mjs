// What the demos print: calm lines, one a second at most for changes, however many there are.
const isColoured = process.stdout.isTTY && !process.env.NO_COLOR
const paint = code => text => (isColoured ? `\x1b[${code}m${text}\x1b[0m` : text)
export const bold = paint(1)
export const dim = paint(2)
export const green = paint(32)
export const amber = paint(33)
export const red = paint(31)

/** One line, with the time in front. */
export const say = text => console.log(`  ${dim(new Date().toLocaleTimeString('en-GB'))}  ${text}`)

const cut = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text)

/** A key or value on one line: `floor 3, occupied` and not its punctuation. */
export function show(value) {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return cut(`[${value.map(show).join(', ')}]`, 60)
  return cut(
    Object.entries(value)
      .filter(([, field]) => field !== false)
      .map(([name, field]) => (field === true ? name : `${name} ${show(field)}`))
      .join(', '),
    60,
  )
}

const isPlain = value => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What became of a value: of an object, the fields that changed. */
function showChange(value, old) {
  if (old === undefined) return `+ ${show(value)}`
  if (!isPlain(value) || !isPlain(old)) return `${show(old)} → ${show(value)}`
  const fields = Object.keys(value).filter(name => show(value[name]) !== show(old[name]))
  return fields
    .map(name =>
      typeof value[name] === 'boolean'
        ? `${value[name] ? '' : 'not '}${name}`
        : `${name} ${show(old[name])} → ${show(value[name])}`,
    )
    .join(', ')
}

/** Prints changes as they come, folded into a line a second. */
export class ChangePrinter {
  #lines = new Map()
  #count = 0
  #timer

  updated(key, value, old) {
    this.#add(show(key), showChange(value, old))
  }

  removed(key) {
    this.#add(show(key), amber('gone'))
  }

  /** Prints now what waits. */
  flush() {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#count === 0) return
    const told = [...this.#lines].slice(0, 3).map(([key, change]) => `${bold(cut(key, 20))} ${change}`)
    const more = this.#count - told.length
    say(told.join(dim('  ·  ')) + (more > 0 ? dim(`  and ${more} more`) : ''))
    this.#lines.clear()
    this.#count = 0
  }

  #add(key, change) {
    this.#lines.set(key, change)
    this.#count++
    this.#timer ??= setTimeout(() => this.flush(), 1000)
  }
}

/**
 * Makes one write, and tells how it came back: what `put` resolves with is what the lane was seen to do.
 * @param what a key and a value for a map, or a value alone
 */
export async function tellWrite(downlink, ...what) {
  const startedAtMs = performance.now()
  const [value, key] = [...what].reverse()
  const name = bold(what.length > 1 ? show(key) : 'value')
  say(`${green('→')} ${name} ${show(value)}   ${dim('written here, on its way')}`)
  const outcome = await downlink.put(...what)
  const tookMs = (performance.now() - startedAtMs).toFixed(1)
  const how =
    outcome === 'taken' ? `back from the lane after ${tookMs} ms` : `the lane holds this instead, after ${tookMs} ms`
  const held = outcome === 'taken' ? value : downlink.get(key)
  say(`${green('←')} ${name} ${held === undefined ? 'nothing' : show(held)}   ${dim(how)}`)
}

/** The condition of a link in words. */
export function describeStatus(status) {
  switch (status.state) {
    case 'synced':
      return green('synced')
    case 'stale':
      return amber(
        status.because === 'disconnected' ? 'the host is away; what is here may be out of date' : 'resyncing',
      )
    case 'unlinked':
      return red(`unlinked: ${status.reason}`)
    default:
      return dim(status.state)
  }
}

/**
 * Ctrl-C and a polite kill end a demo at once; nothing has gone wrong then. Not `once`: npm passes on a Ctrl-C that the terminal
 * has sent already, and the second would kill a process that no longer listens.
 */
export function endOnSignal() {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0))
}

/**
 * Tells what goes wrong, once for each spell of trouble; the client goes on trying.
 * @param isHandled whether an error is dealt with otherwise
 */
export function tellTrouble(client, isHandled = () => false) {
  let told
  client.on('connect', () => (told = undefined))
  client.on('error', error => {
    if (isHandled(error)) return
    if (error.message !== told) say(amber(error.message))
    told = error.message
  })
}

/** Ends a demo with what went wrong: the message says what to do about it. */
export function fail(error, code = 1) {
  console.error(`\n  ${red(error.name ?? 'Error')}  ${error.message}\n`)
  process.exit(code)
}
