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
} from './aggregates.js'
export { view, type View } from './view.js'
