// Floor 8. The public door of `swimlink/list`: importing it once gives every client, and every scope of one, `downlinkList()`.
import { kinds } from './client/kinds.js'
import { listKind } from './downlink/list/list-kind.js'

kinds.downlinkList = listKind

export type { ListCallbacks, ListChange, ListChanges, ListDownlink, ListBuilder, ListDownlinkOptions } from './index.js'
