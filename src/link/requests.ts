// Floor 4. What a link sends: the frames of one lane, in the one spelling of its address.
import { writeHead } from '../warp/write-envelope.js'
import type { LinkAddress } from './link-port.js'

export class Requests {
  readonly #address: LinkAddress
  #commandHead: string | undefined

  constructor(address: LinkAddress) {
    this.#address = address
  }

  /** @param body in Recon, as it stands behind the head */
  command(body: string): string {
    const { node, lane } = this.#address
    return (this.#commandHead ??= writeHead('command', node, lane)) + body
  }

  /** Asks for the lane's events, or for its state as well. */
  ask(tag: 'link' | 'sync'): string {
    const { node, lane, params, body } = this.#address
    return writeHead(tag, node, lane, params) + body
  }

  unlink(): string {
    const { node, lane } = this.#address
    return writeHead('unlink', node, lane)
  }
}
