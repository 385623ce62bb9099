// Floor 9. Plays one conversation of a tape to one client.
import { respond, envelopeOf, type Envelope } from './envelope.js'
import type { Conversation, Frame } from './conversations.js'

/** The client that the tape is played to. */
export interface Listener {
  readonly send: (text: string) => void
  readonly close: (code: number, reason: string) => void
  /** Calls `work` after `ms` milliseconds. */
  readonly later: (ms: number, work: () => void) => void
  /** Called with a request that the tape does not have, in words. */
  readonly deviates: (what: string) => void
}

/** The frames of a conversation that concern one lane. */
interface Part {
  readonly frames: readonly Frame[]
  /** The position of the next frame. */
  at: number
  /** The positions of requests that the client has sent, also ahead of their turn. */
  readonly said: Set<number>
  /** The time on the tape of the frame before the next one. */
  lastAt: number
  /** `resting`: not requested yet; `waiting`: for a request of the client; `due`: the next frame comes by itself. */
  state: 'resting' | 'waiting' | 'due'
  /** Grows with each new start, so that timers of an earlier round do nothing. */
  round: number
}

const isBegin = (tag: string | undefined): boolean => tag === 'link' || tag === 'sync'
const keyOf = ({ nodeUri, laneUri }: Envelope): string => JSON.stringify([nodeUri, laneUri])
/** The key of frames that belong to no lane: credentials. */
const ofHost = '["",""]'

/**
 * Plays each lane as the tape has it, in the tape's order and at its pace. Each lane waits until the client has sent the same requests
 * as on the tape, but only for its own.
 */
export class Player {
  readonly #parts = new Map<string, Part>()
  readonly #nodes = new Set<string>()
  readonly #conversation: Conversation
  readonly #listener: Listener
  readonly #speed: number
  readonly #waits: boolean
  #isOver = false

  /** @param waits whether the player waits for commands of the tape */
  constructor(conversation: Conversation, listener: Listener, speed: number, waits: boolean) {
    this.#conversation = conversation
    this.#listener = listener
    this.#speed = speed
    this.#waits = waits
    const parts = new Map<string, Frame[]>()
    // A frame that is not an envelope belongs to the lane of the frame before it.
    let last = ofHost
    for (const frame of conversation.frames) {
      const { envelope, isOurs } = frame
      if (envelope !== undefined) {
        last = keyOf(envelope)
        if (isOurs && envelope.tag !== 'unlinked') this.#nodes.add(envelope.nodeUri)
      }
      if (!isOurs && (envelope === undefined || (envelope.tag === 'command' && !waits))) continue
      const part = parts.get(last)
      if (part === undefined) parts.set(last, [frame])
      else part.push(frame)
    }
    for (const [key, frames] of parts)
      this.#parts.set(key, { frames, at: 0, said: new Set(), lastAt: 0, state: 'resting', round: 0 })
  }

  /** Called when the client has gone. */
  end(): void {
    this.#isOver = true
  }

  /** Called with each frame of the client. */
  hear(text: string): void {
    const asked = envelopeOf(text)
    if (asked === undefined) return this.#listener.deviates(`not an envelope: ${text}`)
    const part = this.#parts.get(keyOf(asked))
    if (part === undefined) return this.#answerUnknown(asked, text)
    const isOpening = isBegin(asked.tag) || asked.tag === 'auth'
    let at = find(part, asked, part.at)
    if (at === undefined && isOpening) {
      // The client asks again: play the lane from the request on.
      rest(part)
      at = find(part, asked, 0)
      if (at === undefined) return this.#begin(part, asked)
    }
    if (at !== undefined) return this.#said(part, at, asked.tag === 'command')
    if (asked.tag === 'command' && !this.#waits) return
    this.#listener.deviates(text)
    if (asked.tag !== 'unlink') return
    rest(part)
    this.#listener.send(respond('unlinked', asked))
  }

  /** Notes that the client has sent the request at a position of the tape. */
  #said(part: Part, at: number, isCommand: boolean): void {
    // Frames before the first request belong to an earlier link, which this client does not have.
    if (part.state === 'resting') part.at = at
    // Commands before this request will not come any more.
    for (let i = isCommand ? at : part.at; i <= at; i++) part.said.add(i)
    if (part.state === 'due') return
    part.lastAt = part.frames[part.at]!.at
    this.#run(part)
  }

  /** Starts a lane for which the tape has the host's frames, but not the request. */
  #begin(part: Part, asked: Envelope): void {
    if (isBegin(asked.tag)) {
      this.#listener.send(respond('linked', asked))
      if (asked.tag === 'sync') this.#listener.send(respond('synced', asked))
    }
    part.lastAt = part.frames[0]!.at
    this.#run(part)
  }

  #answerUnknown(asked: Envelope, text: string): void {
    this.#listener.deviates(text)
    const { tag, nodeUri } = asked
    if (tag === 'auth' || tag === 'deauth') this.#listener.send(`@${tag}ed`)
    else if (isBegin(tag))
      this.#listener.send(respond('unlinked', asked, this.#nodes.has(nodeUri) ? '@laneNotFound' : '@nodeNotFound'))
    else if (tag === 'unlink') this.#listener.send(respond('unlinked', asked))
  }

  /** Plays the frames up to the next request that the client has not sent. */
  #run(part: Part): void {
    for (let frame = part.frames[part.at]; frame !== undefined; frame = part.frames[part.at]) {
      if (frame.isOurs) {
        const wait = Math.max(0, frame.at - part.lastAt) / this.#speed
        part.lastAt = frame.at
        if (wait > 0) return this.#later(part, wait, frame.text)
        this.#listener.send(frame.text)
      } else if (!part.said.delete(part.at)) {
        part.state = 'waiting'
        return
      }
      part.at++
    }
    part.state = 'waiting'
    this.#ran()
  }

  #later(part: Part, wait: number, text: string): void {
    part.state = 'due'
    const { round } = part
    this.#listener.later(wait, () => {
      if (this.#isOver || part.round !== round) return
      this.#listener.send(text)
      part.at++
      this.#run(part)
    })
  }

  /** Ends the socket as on the tape, once all lanes are played. */
  #ran(): void {
    const { end, frames } = this.#conversation
    if (end === undefined) return
    for (const [key, part] of this.#parts) if (key !== ofHost && part.at < part.frames.length) return
    this.#listener.later((end.at - frames.at(-1)!.at) / this.#speed, () => {
      if (!this.#isOver) this.#listener.close(end.code, end.reason)
    })
  }
}

/** Stops a lane until it is requested again. */
function rest(part: Part): void {
  part.round++
  part.at = 0
  part.said.clear()
  part.state = 'resting'
}

/** The position of a request on the tape, from `from` on. A `@sync` also matches a `@link`, and the other way round. */
function find({ frames, said }: Part, asked: Envelope, from: number): number | undefined {
  const first = (isIt: (envelope: Envelope) => boolean): number =>
    frames.findIndex(
      ({ isOurs, envelope }, i) => i >= from && !isOurs && !said.has(i) && envelope !== undefined && isIt(envelope),
    )
  const exact =
    asked.tag === 'command' ? first(({ spelled }) => spelled === asked.spelled) : first(({ tag }) => tag === asked.tag)
  const found = exact < 0 && isBegin(asked.tag) ? first(({ tag }) => isBegin(tag)) : exact
  return found < 0 ? undefined : found
}
