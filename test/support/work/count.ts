// How much work a module does, counted and not timed: how often each block of its code runs, as the engine itself counts it, and
// what it has the engine do in calls. Eight characters looked at in one call count as one step, and so does an item; an object's
// key, which has to be found or made, and a call as such count as ten.
import { Session } from 'node:inspector/promises'

const perCall = 5
const perKey = 10
let native = 0

type Method = (this: unknown, ...args: unknown[]) => unknown

/** Has each call of a method counted, at what `looked` says of it. */
function spy(owner: object, name: string, looked: (self: unknown, args: unknown[], result: unknown) => number): void {
  const method = Reflect.get(owner, name) as Method
  const counted: Method = function (...args) {
    const result = Reflect.apply(method, this, args)
    native += perCall + looked(this, args, result)
    return result
  }
  Object.defineProperty(owner, name, { value: counted })
}

const chars = (text: unknown) => (text as string).length / 8
const items = (list: unknown) => (list as ArrayLike<unknown>).length
const keysOf = (held: unknown) => perKey * Reflect.ownKeys(held as object).length

/** From here on all calls of what the codec calls are counted; what is counted before and after a run is left out. */
function spyOnAll(): void {
  for (const name of ['map', 'slice', 'every', 'filter', 'forEach', 'includes', 'fill'])
    spy(Array.prototype, name, list => items(list))
  spy(Array.prototype, 'join', (_, __, text) => chars(text))
  spy(Array.prototype, 'sort', list => items(list) * Math.log2(items(list) + 1) * perKey)
  for (const name of ['keys', 'values', 'entries']) spy(Object, name, (_, [held]) => keysOf(held))
  spy(Object, 'fromEntries', (_, __, made) => keysOf(made))
  spy(Object, 'assign', (_, [, held]) => keysOf(held))
  spy(Object, 'hasOwn', () => 0)
  spy(JSON, 'parse', (_, [text]) => chars(text) * 8)
  spy(JSON, 'stringify', (_, __, text) => chars(text) * 8)
  spy(Map.prototype, 'set', () => 0)
  spy(Map.prototype, 'has', () => 0)
  spy(String, 'fromCharCode', (_, codes) => items(codes))
  spy(TextEncoder.prototype, 'encodeInto', (_, [text]) => chars(text))
  spy(Uint8Array.prototype, 'subarray', () => 0)
  spy(globalThis, 'atob', (_, [text]) => chars(text))
  spy(globalThis, 'btoa', (_, [text]) => chars(text))
  const far = (text: unknown, from: unknown, found: unknown) =>
    ((found as number) < 0 ? items(text) : (found as number)) - Number(from ?? 0)
  spy(String.prototype, 'indexOf', (text, [, from], found) => Math.max(0, far(text, from, found)) / 8)
  spy(String.prototype, 'lastIndexOf', (text, _, found) => (items(text) - Math.max(0, found as number)) / 8)
  spy(String.prototype, 'startsWith', (_, [part]) => chars(part))
  for (const name of ['includes', 'replace', 'split']) spy(String.prototype, name, text => chars(text))
  // A part is a view of the whole.
  for (const name of ['slice', 'charAt']) spy(String.prototype, name, () => 0)
  // Engines lay this into the code around it; but a text made of pieces is joined when somebody looks at it.
  const { charCodeAt } = String.prototype
  Object.defineProperty(String.prototype, 'charCodeAt', {
    value(this: string, i: number) {
      if (i === 0) native += chars(this)
      return charCodeAt.call(this, i)
    },
  })
  // All that is done with an expression goes by this, once it is not the engine's own.
  const exec = RegExp.prototype.exec as (text: string) => RegExpExecArray | null
  Object.defineProperty(RegExp.prototype, 'exec', {
    value(this: RegExp, text: string) {
      const from = this.lastIndex
      const found = exec.call(this, text)
      const end = found ? found.index + found[0].length : this.sticky ? from : text.length
      native += perCall + Math.max(0, end - (this.global || this.sticky ? from : 0)) / 8
      return found
    },
  })
}

/** Imports a module, and gives with it a function that says how many steps of it a run takes. */
export async function counted<M>(url: string): Promise<[M, (run: () => void) => Promise<number>]> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  // Blocks are counted where that was asked for before they were compiled.
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  const module = (await import(url)) as M
  const blocks = async () => {
    const { result } = await session.post('Profiler.takePreciseCoverage')
    const script = result.find(one => one.url === url)
    let sum = 0
    for (const { ranges } of script?.functions ?? []) for (const { count } of ranges) sum += count
    return sum
  }
  spyOnAll()
  const work = async (run: () => void) => {
    await blocks()
    native = 0
    try {
      run()
    } catch (error) {
      if ((error as Error).name !== 'ReconError' && (error as Error).name !== 'ProtocolError') throw error
    }
    const calls = native
    return (await blocks()) + calls
  }
  return [module, work]
}
