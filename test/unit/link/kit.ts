// A link by itself, between a connection, a replica and a downlink that do nothing but write down what is asked of them.
import type { SwimError } from '../../../src/base/errors.js'
import { Link } from '../../../src/link/link.js'
import type { LinkAddress } from '../../../src/link/link-address.js'
import type { LinkNews, LinkOptions, LinkPort, LinkSink } from '../../../src/link/link-port.js'
import type { Sync } from '../../../src/store/replica.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import type { Write } from '../../../src/write/write.js'

/** A request, as it is on the wire: `@sync`, `@link`, `@unlink`, or a command with its body. */
const spell = (text: string) => text.replace('(node:"/n?q",lane:l)', '')

export class Bench {
  readonly clock = new VirtualClock()
  /** All that the link did, in order. */
  readonly #did: string[] = []
  readonly note = (what: string) => void this.#did.push(what)
  readonly fences: number[] = []
  /** The reasons for which sockets were ended. */
  readonly drops: SwimError[] = []
  answerProbe: (() => void) | undefined
  /** Whether writes that have ended sockets may go out. */
  risks = false
  /** Whether syncs that end leave own writes undecided. */
  leavesOpen = false
  readonly life = { provenMs: 0, frames: 0, receivedBytes: undefined as number | undefined, keepsOrder: false }
  readonly port: { -readonly [P in keyof LinkPort]: LinkPort[P] }
  readonly link: Link

  constructor(sync = true, options: Partial<LinkOptions> = {}, asked: Partial<LinkAddress> = {}) {
    const { clock, note } = this
    const route = '(node:"/n?q",lane:l)'
    const address: LinkAddress = { node: '/n?q', lane: 'l', route, request: route, body: '', ...asked }
    this.port = {
      options: {
        clock,
        host: { url: 'ws://h', uri: 'warp://h' },
        budget: { used: 0, limit: 100, pending: 0, changed: () => {} },
        unlinkDelayMs: 50,
        echoTimeoutMs: 2000,
        requestTimeoutMs: 10_000,
        settledAfterMs: 10_000,
        relinkAfterMs: 0,
        reconnectMinMs: 500,
        reconnectMaxMs: 30_000,
        reconnectJitter: 0,
        ...options,
      },
      isOpen: false,
      canSend: true,
      life: this.life,
      send: text => note(spell(text)),
      probe: answered => {
        note('probe')
        this.answerProbe = answered
      },
      caution: { mayRisk: ({ losses }: Write) => losses === 0 || this.risks } as LinkPort['caution'],
      risked: () => note('risked'),
      inSteps: work => {
        while (!work.next().done);
      },
      drop: cause => {
        note('drop')
        this.drops.push(cause)
      },
      released: route => note(`released ${route === address.route ? 'r' : route}`),
    }
    this.link = new Link(this.port, address, sync)
  }

  observer(name = '') {
    return {
      told: (news: LinkNews) => this.note(`${name}${news}`),
      failed: (error: SwimError) => this.note(`${name}failed ${error.code}`),
    }
  }

  sink(kind = 'map', event: (text: string, bodyAt: number) => void = () => {}): LinkSink {
    const name = kind === 'map' ? '' : `${kind} `
    return {
      kind,
      event,
      beginSync: ({ fence }: Sync) => {
        this.note(`${name}begin-${fence}`)
        this.fences.push(fence)
      },
      endSync: ({ fence }) => {
        this.note(`${name}end-${fence}`)
        return this.leavesOpen
      },
      restartSyncs: () => this.note(`${name}restart`),
      spoilSyncs: () => this.note(`${name}spoil`),
      abandonSync: () => this.note(`${name}abandon`),
      gaveUp: () => this.note(`${name}gave-up`),
    }
  }

  /** What the link did since the last call. */
  take(): string {
    return this.#did.splice(0).join(', ')
  }

  open(): void {
    this.port.isOpen = true
    this.link.connected()
  }

  lose(): void {
    this.port.isOpen = false
    this.link.disconnected()
  }

  /** Brings a link with a downlink and a replica to life, a second ago. */
  async live(): Promise<this> {
    this.link.sinks.add(this.sink())
    this.link.attach(this.observer(), this.link.state.sync)
    this.open()
    this.link.dispatch('linked')
    if (this.link.state.sync) this.link.dispatch('synced')
    await this.clock.advance(1000)
    this.take()
    return this
  }
}
