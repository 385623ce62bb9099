// A WebSocket class for `new SwimClient({ webSocket })`, through which one client's network can be watched, cut and healed.

/**
 * @param onFrame told of each frame: 'in' or 'out', and its text
 * @param Socket what it goes over
 */
export function createWire(onFrame = () => {}, Socket = WebSocket) {
  const open = new Set()
  let isCut = false

  class WatchedSocket {
    onopen = null
    onmessage = null
    onerror = null
    onclose = null
    #socket

    constructor(url, protocols) {
      if (isCut) {
        // As without a network: the attempt fails.
        setTimeout(() => this.#end({ code: 1006, reason: 'the page has cut the network' }))
        return
      }
      const socket = new Socket(url, protocols)
      socket.onopen = event => this.onopen?.(event)
      socket.onmessage = event => {
        onFrame('in', event.data)
        this.onmessage?.(event)
      }
      socket.onerror = event => this.onerror?.(event)
      socket.onclose = event => this.#end(event)
      this.#socket = socket
      open.add(this)
    }

    get bufferedAmount() {
      return this.#socket?.bufferedAmount ?? 0
    }

    send(text) {
      onFrame('out', text)
      this.#socket.send(text)
    }

    close(code, reason) {
      this.#socket?.close(code, reason)
    }

    /** The socket is gone: whatever is still under way on it reaches nobody. */
    cut() {
      const socket = this.#socket
      socket.onopen = socket.onmessage = socket.onerror = socket.onclose = null
      socket.close()
      this.#end({ code: 1006, reason: 'the page has cut the network' })
    }

    #end(event) {
      open.delete(this)
      this.onclose?.(event)
    }
  }

  return {
    WebSocket: WatchedSocket,
    cut() {
      isCut = true
      for (const socket of [...open]) socket.cut()
    },
    heal() {
      isCut = false
      // What a browser says when its network is back: clients then wait no longer to try again.
      dispatchEvent(new Event('online'))
    },
  }
}
