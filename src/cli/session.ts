// Floor 9. A client for the time of one command: it fails at once where its host can't be reached, and ends with the command.
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
  /** Rejects when the host can't be reached or refuses the credentials, unless the session goes on trying. */
  readonly #failed: Promise<never>
  #wasConnected = false
  #said = ''

  #keepsTrying = false
  #printsAll = false
  /** Shows a note: a line of the standard error, unless somebody shows it better. */
  note = (text: string): void => void process.stderr.write(`swimlink: ${text}\n`)

  constructor(hostUri: string, { timeout, auth, insecure }: Reach) {
    this.timeoutMs = timeout
    let fail!: (fault: Fault) => void
    this.#failed = new Promise((_, reject) => (fail = reject))
    this.#failed.catch(() => {})
    const onError = (error: SwimError): void => {
      const isFatal = error.code === 'auth' || (error.code === 'transport' && !this.#wasConnected)
      if (isFatal) fail(faultOf(error))
      // The event is printed as it came: that it is no operation on a map is no trouble.
      else if (error.code === 'protocol' && this.#printsAll) return
      // What a promise is rejected with ends the command, and is said there.
      else if (error.code !== 'laneKind' && error.code !== 'closed' && (this.#keepsTrying || error.code !== 'unlinked'))
        this.say(error.message)
    }
    this.client = new SwimClient({
      onError,
      // Every command waits for what it writes: what is left when it ends was given up.
      closeTimeoutMs: 0,
      ...(auth === undefined ? {} : { credentials: { [hostUri]: parse(credentials(auth)) } }),
      ...(insecure === true ? { webSocketOptions: { rejectUnauthorized: false } } : {}),
    } satisfies SwimClientOptions)
    this.client.on('connect', () => {
      this.#wasConnected = true
      this.#said = ''
    })
  }

  /** What `work` resolves with; rejects earlier where the host can't be reached. */
  reach<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#failed])
  }

  /** From now on trouble with the link is said, and waited out. */
  goOn(): void {
    this.#keepsTrying = true
  }

  /** Whether each event is printed, whatever it is. */
  set printsAll(printsAll: boolean) {
    this.#printsAll = printsAll
  }

  /** A note beside the output; the same one once. */
  say(text: string): void {
    if (text === this.#said) return
    this.#said = text
    this.note(plain(text))
  }

  /** The builders of one lane. */
  lane({ hostUri, nodeUri, laneUri }: Address) {
    return this.client.hostRef(hostUri).nodeRef(nodeUri).laneRef(laneUri)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close()
  }
}

export type Entries = readonly (readonly [Value, Value])[]
