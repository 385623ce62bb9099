// Floor 4. The frames that a link sends. All spell the lane's address alike.
import { writeHead } from '../warp/write-envelope.js'
import type { LinkAddress } from './link-port.js'

export class Requests {
  readonly #address: LinkAddress
  #commandHead: string | undefined

  constructor(address: LinkAddress) {
    this.#address = address
  }

  /** @param body in Recon, as it follows the head */
  command(body: string): string {
    const { node, lane } = this.#address
    return (this.#commandHead ??= writeHead('command', node, lane)) + body
  }

  /** The request for the lane's events, and with `sync` for its state too. */
  ask(tag: 'link' | 'sync'): string {
    const { node, lane, params, body } = this.#address
    return writeHead(tag, node, lane, params) + body
  }

  unlink(): string {
    const { node, lane } = this.#address
    return writeHead('unlink', node, lane)
  }
}
