// Floor 3'. Who may have a node made: asked before it is, so that who may not costs nothing.
import type { Session } from '../lanes/access.js'
import type { Params } from './pattern.js'

/** Whether a client wants to hear a lane, or to send it something. */
export type Access = 'read' | 'write'

/**
 * Who may use the nodes of a pattern; each lane's own rights are asked after them. Anything but `true` is a no. They are asked
 * before a node is made, so that a stranger can have none defined.
 */
export interface NodeRights<Name extends string = string> {
  /** Whether a client may link to lanes of the node, sync them, or see them over HTTP. @default everybody may */
  readonly canRead?: (session: Session, params: Params<Name>) => boolean
  /** Whether a client may send commands. The socket of one that may not is closed with 1008. @default everybody may */
  readonly canWrite?: (session: Session, params: Params<Name>) => boolean
}

/** What each may be. */
export const nodeRights = { canRead: 'a function', canWrite: 'a function' } as const

export function mayVisit(rights: NodeRights, access: Access, session: Session, params: Params): boolean {
  const guard = access === 'read' ? rights.canRead : rights.canWrite
  return guard === undefined || guard(session, params) === true
}
