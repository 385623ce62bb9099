// Floor 6. What a client tells of.
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
  /** A host's socket is gone, and why, where anything is known. */
  disconnect(event: { readonly hostUri: string; readonly cause: SwimError | undefined }): unknown
  /** A host took the credentials. */
  authenticate(event: { readonly hostUri: string }): unknown
  /** A host took the identity back. */
  deauthenticate(event: { readonly hostUri: string }): unknown
  /** A downlink was opened. */
  open(event: { readonly downlink: AnyDownlink }): unknown
  /** A downlink was closed. */
  close(event: { readonly downlink: AnyDownlink }): unknown
  /** How many own writes and commands have not ended, after it has changed: once a frame. */
  pending(event: { readonly count: number }): unknown
  /** Something went wrong that no didFail heard; the option `onError` listens to this. */
  error(error: SwimError): unknown
}
