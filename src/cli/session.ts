// Floor 9. A client for one command. The command fails at once if the host can't be reached, and the client closes with it.
import { SwimClient, type SwimClientOptions, type SwimError } from 'swimlink'
import { parse, type Value } from 'swimlink/recon'
import { faultOf, plain, type Fault } from './fault.js'
import { credentials, type Reach } from './options.js'

export interface Address {
  readonly hostUri: string
  readonly nodeUri: string
  readonly laneUri: string
}

export class Session implements AsyncDisposable {
  readonly client: SwimClient
  readonly timeoutMs: number
  /** Rejects when the host can't be reached or refuses the credentials. After `goOn`, connection errors are only noted. */
  readonly #failed: Promise<never>
  #wasConnected = false
  #said = ''

  #keepsTrying = false
  #printsAll = false
  /** Writes a note to the standard error. `link` replaces this by a line in its table. */
  note = (text: string): void => void process.stderr.write(`swimlink: ${text}\n`)

  constructor(hostUri: string, { timeout, auth, insecure }: Reach) {
    this.timeoutMs = timeout
    let fail!: (fault: Fault) => void
    this.#failed = new Promise((_, reject) => (fail = reject))
    this.#failed.catch(() => {})
    const onError = (error: SwimError): void => {
      const isFatal = error.code === 'auth' || (error.code === 'transport' && !this.#wasConnected)
      if (isFatal) fail(faultOf(error))
      // The event is printed as it came, so an event that is not a map operation is no error.
      else if (error.code === 'protocol' && this.#printsAll) return
      // These errors also reject a promise, and so end the command with a message.
      else if (error.code !== 'laneKind' && error.code !== 'closed' && (this.#keepsTrying || error.code !== 'unlinked'))
        this.say(error.message)
    }
    this.client = new SwimClient({
      onError,
      // Each command waits for its own writes: whatever is left at its end was given up.
      closeTimeoutMs: 0,
      ...(auth === undefined ? {} : { credentials: { [hostUri]: parse(credentials(auth)) } }),
      ...(insecure === true ? { webSocketOptions: { rejectUnauthorized: false } } : {}),
    } satisfies SwimClientOptions)
    this.client.on('connect', () => {
      this.#wasConnected = true
      this.#said = ''
    })
  }

  /** Resolves as `work` does. Rejects earlier if the host can't be reached. */
  reach<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#failed])
  }

  /** From now on, trouble with the link is noted and waited out. */
  goOn(): void {
    this.#keepsTrying = true
  }

  /** Whether each event is printed, whatever its kind. */
  set printsAll(printsAll: boolean) {
    this.#printsAll = printsAll
  }

  /** Prints a note beside the output; the same note only once. */
  say(text: string): void {
    if (text === this.#said) return
    this.#said = text
    this.note(plain(text))
  }

  /** The builders for one lane. */
  lane({ hostUri, nodeUri, laneUri }: Address) {
    return this.client.hostRef(hostUri).nodeRef(nodeUri).laneRef(laneUri)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close()
  }
}

export type Entries = readonly (readonly [Value, Value])[]
