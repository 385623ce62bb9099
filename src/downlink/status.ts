// Floor 5. What a downlink tells of its own condition.
import type { LaneKindError, UnlinkedError } from '../base/errors.js'
import type { Unsubscribe } from '../base/events.js'
import type { LinkPhase } from '../link/link-state.js'

/**
 * The condition of a downlink, as one tagged value.
 *
 * - `connecting`: no socket yet, and never synced.
 * - `linking`: the host is asked, and has not answered.
 * - `syncing`: linked; the lane's state comes in for the first time.
 * - `synced`: what is read is what the lane holds, own writes under way apart.
 * - `linked`: linked, by a downlink that does not sync.
 * - `stale`: entries of an earlier sync stay readable, and may be out of date: `disconnected` until the socket is back,
 *   `resyncing` until the lane has told its state anew. `cached`: they are of an earlier visit, and were the lane's `asOf` then.
 * - `unlinked`: the host refused or ended the link; it is asked again after a wait. Or the lane is of another kind than the
 *   downlink (`laneKind`), which stays so.
 * - `closed`: by `close()`, or for good.
 */
export type DownlinkStatus =
  | { readonly state: 'connecting' | 'linking' | 'syncing' | 'synced' | 'linked' | 'closed' }
  | { readonly state: 'stale'; readonly because: 'disconnected' | 'resyncing' }
  | CachedStatus
  | { readonly state: 'unlinked'; readonly reason: string; readonly error: UnlinkedError | LaneKindError }

/** Of a downlink whose entries are of an earlier visit: see swimlink/cache. */
export interface CachedStatus {
  /** As of every downlink whose entries may be out of date. */
  readonly state: 'stale'
  /** Why they may be. */
  readonly because: 'cached'
  /** When they were last known to be what the lane held. */
  readonly asOf: Date
  /** Of a map that stays as it is, of which bindings are told so. @internal */
  readonly isStill?: true
}

/** A downlink of any kind, as far as its condition is concerned. */
export interface WithStatus {
  /** Its status now. */
  readonly status: DownlinkStatus
  /** Listens to changes of it. Returns its undo. */
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

/** The status that goes with a link's phase. Equal conditions give the same object, except `unlinked`. */
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
