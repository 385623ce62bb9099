// The arguments of a program, and its answer, in Node, Deno and Bun alike.
import type { SwimClientOptions } from 'swimlink'
import type { Addresses } from '../world.js'

export function given(): { readonly world: Addresses; readonly options: SwimClientOptions } {
  const { Deno } = globalThis as { Deno?: { readonly args: readonly string[] } }
  const [addresses, socket] = Deno?.args ?? process.argv.slice(2)
  const options = socket === 'own' ? { webSocket: WebSocket as never } : {}
  return { world: JSON.parse(addresses!) as Addresses, options }
}

/** BigInts as texts, which JSON has no number for. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each))

export const say = (value: unknown): void => console.log(toJson(value))
