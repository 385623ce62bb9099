// Floor 6. The status of a view: the status of its least advanced source.
import type { DownlinkStatus } from '../downlink/status.js'
import type { Table } from './table.js'

const closed: DownlinkStatus = { state: 'closed' }
const syncing: DownlinkStatus = { state: 'syncing' }

/** From the least to the most advanced. */
const states = 'closed unlinked connecting linking syncing stale linked synced'.split(' ')

const rank = (status: DownlinkStatus): number =>
  states.indexOf(status.state) + (status.state === 'stale' && status.because === 'resyncing' ? 0.5 : 0)

export function leastAdvanced(table: Table): DownlinkStatus {
  if (table.isClosed) return closed
  const all = table.sources.map(({ map }) => map.status)
  if (table.isStarting) all.push(syncing)
  return all.reduce((least, status) => (rank(status) < rank(least) ? status : least))
}
