// Floor 6. Events of a client.
import type { SwimError } from '../base/errors.js'
import type { EventDownlink } from '../downlink/event/event-downlink.js'

/** A downlink of any kind: what all of them have. */
export type AnyDownlink = Pick<
  EventDownlink,
  'hostUri' | 'nodeUri' | 'laneUri' | 'status' | 'opened' | 'connected' | 'linked' | 'synced' | 'whenSynced' | 'close'
>

/** What `SwimClient.on` can listen to. Hosts are named as they were when first used. */
export interface ClientEvents {
  /** A host's socket is up. */
  connect(event: { readonly hostUri: string }): unknown
  /** A host's socket is lost; `cause` says why, where that is known. */
  disconnect(event: { readonly hostUri: string; readonly cause: SwimError | undefined }): unknown
  /** A host accepted the credentials. */
  authenticate(event: { readonly hostUri: string }): unknown
  /** A host withdrew the identity. */
  deauthenticate(event: { readonly hostUri: string }): unknown
  /** A downlink was opened. */
  open(event: { readonly downlink: AnyDownlink }): unknown
  /** A downlink was closed. */
  close(event: { readonly downlink: AnyDownlink }): unknown
  /** The number of own writes and commands that have not ended has changed. At most once a frame. */
  pending(event: { readonly count: number }): unknown
  /** An error that no didFail received; the option `onError` listens to this. */
  error(error: SwimError): unknown
}
