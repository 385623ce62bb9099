// Floor 9. One conversation of a tape, played to one client that asks for it.
import { respond, envelopeOf, type Envelope } from './envelope.js'
import type { Conversation, Frame } from './conversations.js'

/** Where it is played to. */
export interface Listener {
  readonly send: (text: string) => void
  readonly close: (code: number, reason: string) => void
  /** Calls `work` in so many milliseconds. */
  readonly later: (ms: number, work: () => void) => void
  /** What the tape does not have, in words. */
  readonly deviates: (what: string) => void
}

/** What of a conversation is about one lane. */
interface Part {
  readonly frames: readonly Frame[]
  /** The next frame. */
  at: number
  /** Questions that were asked, ahead of their turn too. */
  readonly said: Set<number>
  /** When the frame before the next was, on the tape. */
  lastAt: number
  /** `resting`: nobody has asked; `waiting`: for what the client has yet to ask; `due`: a frame comes by itself. */
  state: 'resting' | 'waiting' | 'due'
  /** Goes up when it is begun anew: what was to come by then does not. */
  round: number
}

const isBegin = (tag: string | undefined): boolean => tag === 'link' || tag === 'sync'
const keyOf = ({ nodeUri, laneUri }: Envelope): string => JSON.stringify([nodeUri, laneUri])
/** The key of what is about no lane: credentials. */
const ofHost = '["",""]'

/**
 * Says of each lane what the tape has of it, once the client has asked what it asks there, in the order and at the pace of the tape.
 * Lanes wait for their own questions alone.
 */
export class Player {
  readonly #parts = new Map<string, Part>()
  readonly #nodes = new Set<string>()
  readonly #conversation: Conversation
  readonly #listener: Listener
  readonly #speed: number
  readonly #waits: boolean
  #isOver = false

  /** @param waits whether commands of the tape are waited for */
  constructor(conversation: Conversation, listener: Listener, speed: number, waits: boolean) {
    this.#conversation = conversation
    this.#listener = listener
    this.#speed = speed
    this.#waits = waits
    const parts = new Map<string, Frame[]>()
    // What is no envelope comes with what came before it.
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

  /** The client is gone. */
  end(): void {
    this.#isOver = true
  }

  /** What the client says. */
  hear(text: string): void {
    const asked = envelopeOf(text)
    if (asked === undefined) return this.#listener.deviates(`no envelope: ${text}`)
    const part = this.#parts.get(keyOf(asked))
    if (part === undefined) return this.#answerUnknown(asked, text)
    const isOpening = isBegin(asked.tag) || asked.tag === 'auth'
    let at = find(part, asked, part.at)
    if (at === undefined && isOpening) {
      // Asked for again: what the tape has comes again.
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

  /** The client has asked what is at a place of the tape. */
  #said(part: Part, at: number, isCommand: boolean): void {
    // What came before the first question was of a link that nobody sees here.
    if (part.state === 'resting') part.at = at
    // Commands that a new link overtakes do not come any more.
    for (let i = isCommand ? at : part.at; i <= at; i++) part.said.add(i)
    if (part.state === 'due') return
    part.lastAt = part.frames[part.at]!.at
    this.#run(part)
  }

  /** The tape has what a host said of a lane, and not that it was asked. */
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

  /** Says what comes next, up to a question that was not asked. */
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

  /** Once all that the tape has of lanes was said, the socket ends as it did there. */
  #ran(): void {
    const { end, frames } = this.#conversation
    if (end === undefined) return
    for (const [key, part] of this.#parts) if (key !== ofHost && part.at < part.frames.length) return
    this.#listener.later((end.at - frames.at(-1)!.at) / this.#speed, () => {
      if (!this.#isOver) this.#listener.close(end.code, end.reason)
    })
  }
}

/** Stops what is to come of a lane, until it is asked for. */
function rest(part: Part): void {
  part.round++
  part.at = 0
  part.said.clear()
  part.state = 'resting'
}

/** Where the tape has what was asked, from a place on. A link with a sync is as good as one without. */
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
