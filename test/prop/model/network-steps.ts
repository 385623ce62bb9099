// Steps of networks, and of time.
import fc from 'fast-check'
import { ofClient, step, type Step } from './step.js'

export function networkSteps(who: fc.Arbitrary<number>): fc.Arbitrary<Step>[] {
  const short = fc.integer({ min: 1, max: 60 }).map(ms => step(`${ms} ms pass`, ({ clock }) => clock.advance(ms)))
  const long = fc.integer({ min: 1, max: 4000 }).map(ms => step(`${ms} ms pass`, ({ clock }) => clock.advance(ms)))
  return [
    short,
    long,
    fc
      .tuple(who, fc.nat({ max: 400 }))
      .map(([i, ms]) => ofClient(`latency of ${ms} ms`, i, ({ wire: { network } }) => void (network.latencyMs = ms))),
    who.map(i => ofClient('cut', i, ({ wire: { peer } }) => peer?.cut())),
    who.map(i => ofClient('stall', i, ({ wire: { peer } }) => void (peer && (peer.isStalled = true)))),
    who.map(i => ofClient('resume', i, ({ wire: { peer } }) => peer?.resume())),
    who.map(i =>
      ofClient('mute or not', i, ({ wire }) => {
        wire.network.isMute = !wire.network.isMute
        wire.wasMute = true
      }),
    ),
    who.map(i => ofClient('refuse or not', i, ({ wire: { network } }) => void (network.refuses = !network.refuses))),
  ]
}
