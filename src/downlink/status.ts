// Floor 5. The status of a downlink.
import type { LaneKindError, UnlinkedError } from '../base/errors.js'
import type { Unsubscribe } from '../base/events.js'
import type { LinkPhase } from '../link/link-state.js'

/**
 * The status of a downlink, as one tagged value.
 *
 * - `connecting`: no socket yet, and never synced.
 * - `linking`: the link is requested, and the host has not answered.
 * - `syncing`: linked; the lane's state is arriving for the first time.
 * - `synced`: what is read is what the lane holds, except for own writes that have not ended.
 * - `linked`: linked, with `syncs(false)`.
 * - `stale`: entries of an earlier sync stay readable, and may be out of date: `disconnected` until the socket is back,
 *   `resyncing` until the next sync has ended. `cached`: entries are from an earlier visit, and were the lane's state at `asOf`.
 * - `unlinked`: the host refused or ended the link, which is requested again after a wait. Or the lane is of another kind than the
 *   downlink (`laneKind`); then the status stays.
 * - `closed`: by `close()`, by its signal, by its client, or by the loss of a link with `relinks(false)`.
 */
export type DownlinkStatus =
  | { readonly state: 'connecting' | 'linking' | 'syncing' | 'synced' | 'linked' | 'closed' }
  | { readonly state: 'stale'; readonly because: 'disconnected' | 'resyncing' }
  | CachedStatus
  | { readonly state: 'unlinked'; readonly reason: string; readonly error: UnlinkedError | LaneKindError }

/** The status of a downlink whose entries are from an earlier visit: see swimlink/cache. */
export interface CachedStatus {
  /** Entries may be out of date. */
  readonly state: 'stale'
  /** Entries are from an earlier visit. */
  readonly because: 'cached'
  /** When the entries were last known to be what the lane held. */
  readonly asOf: Date
  /** Set for a map that never changes; bindings read this. @internal */
  readonly isStill?: true
}

/** Whatever has the status of a downlink. */
export interface WithStatus {
  /** The current status. */
  readonly status: DownlinkStatus
  /** Listens to changes of the status. Returns its undo. */
  on(type: 'didChangeStatus', listener: () => unknown): Unsubscribe
}

const plain = {
  connecting: { state: 'connecting' },
  linking: { state: 'linking' },
  syncing: { state: 'syncing' },
  synced: { state: 'synced' },
  linked: { state: 'linked' },
  closed: { state: 'closed' },
} as const
const disconnected = { state: 'stale', because: 'disconnected' } as const
const resyncing = { state: 'stale', because: 'resyncing' } as const

/** The status for a link's phase. Equal statuses are the same object, except `unlinked`. */
export function statusOf(
  phase: LinkPhase,
  syncs: boolean,
  wasSynced: boolean,
  refusal: () => UnlinkedError,
  cached?: object,
): DownlinkStatus {
  const kept = syncs ? (cached as CachedStatus | undefined) : undefined
  switch (phase) {
    case 'offline':
      return wasSynced ? disconnected : (kept ?? plain.connecting)
    case 'asked':
      return wasSynced ? resyncing : (kept ?? plain.linking)
    case 'syncing':
    case 'stale':
      if (syncs) return wasSynced ? resyncing : (kept ?? plain.syncing)
      return plain.linked
    case 'live':
      return syncs ? plain.synced : plain.linked
    case 'refused': {
      const error = refusal()
      return { state: 'unlinked', reason: error.reason, error }
    }
    case 'closed':
      return plain.closed
  }
}
