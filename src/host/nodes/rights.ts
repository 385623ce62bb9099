// Floor 3'. Rights of nodes: checked before a node is created, so that refused clients cost nothing.
import type { Session } from '../lanes/access.js'
import type { Params } from './pattern.js'

/** Whether a client wants to read a lane or to write to it. */
export type Access = 'read' | 'write'

/**
 * Who may use the nodes of a pattern; each lane's own rights are checked after these. Anything but `true` refuses. They are checked
 * before a node is created, so that strangers can't create nodes.
 */
export interface NodeRights<Name extends string = string> {
  /** Whether a client may link to lanes of the node, sync them, or see them over HTTP. @default everybody may */
  readonly canRead?: (session: Session, params: Params<Name>) => boolean
  /** Whether a client may send commands; otherwise its socket is closed with 1008. @default everybody may */
  readonly canWrite?: (session: Session, params: Params<Name>) => boolean
}

/** The type of each right. */
export const nodeRights = { canRead: 'a function', canWrite: 'a function' } as const

export function mayVisit(rights: NodeRights, access: Access, session: Session, params: Params): boolean {
  const guard = access === 'read' ? rights.canRead : rights.canWrite
  return guard === undefined || guard(session, params) === true
}
