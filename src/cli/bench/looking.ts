// Floor 9. Measures a lane without a write: how long it takes to connect, to answer and to sync.
import { nowMs } from '../clock.js'
import { find, type Found } from '../lane.js'
import type { Reach } from '../options.js'
import { Session, type Address } from '../session.js'
import type { Samples } from './samples.js'

export interface Looked {
  readonly connect: Samples
  readonly roundTrip: Samples
  readonly sync: Samples
}

/** A session with a synced link. */
export interface Linked {
  readonly session: Session
  readonly found: Found
}

/** Links over a socket of its own, and notes how long that took. The caller ends the session. */
export async function link(address: Address, options: Reach, looked: Looked, kind?: 'map' | 'value'): Promise<Linked> {
  const session = new Session(address.hostUri, options)
  session.printsAll = true
  const beganAt = nowMs()
  let askedAt = 0
  // Only frames up to the first answer are looked at: looking at each frame takes time.
  const undo = session.client.tap(({ direction, text }) => {
    if (direction === 'out' && askedAt === 0 && /^@(link|sync)\(/.test(text)) {
      askedAt = nowMs()
      looked.connect.add(askedAt - beganAt)
    } else if (direction === 'in' && text.startsWith('@linked(')) {
      looked.roundTrip.add(nowMs() - askedAt)
      undo()
    }
  })
  try {
    const found = await find(session, address, kind)
    looked.sync.add(nowMs() - askedAt)
    return { session, found }
  } catch (error) {
    await session[Symbol.asyncDispose]()
    throw error
  }
}
