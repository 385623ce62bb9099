// Floor 6. The public door of `swimlink/view`: live views over maps.
export {
  avg,
  collect,
  count,
  max,
  min,
  sum,
  type Aggregate,
  type Aggregates,
  type Figure,
  type Group,
  type Missing,
} from './aggregates.js'
export type { Reading } from './reading.js'
export { view, type View } from './view.js'
