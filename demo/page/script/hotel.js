// The hotel page: three clients of one host. The city and what is asked of it, and two panes that stay the same.
import { indexedDbCache, SwimClient } from '../swimlink-kept.min.js'
import '../swimlink-inspector.min.js'
import { openForget } from './kept.js'
import { openOverview } from './overview.js'
import { openPane } from './pane.js'
import { openSkyline } from './skyline.js'
import { createAwayBanner, createStaleMark, showStatus, tellErrors } from './status.js'

const hostUri = `${location.protocol === 'https:' ? 'warps' : 'warp'}://${location.host}`
const byId = id => document.getElementById(id)
byId('address').textContent = hostUri

const showAway = createAwayBanner(byId('away'))
const markStale = createStaleMark(byId('skyline'), byId('answers'))
const tellStatus = status => {
  showStatus(byId('link'), status)
  showAway(status)
  markStale(status)
}
const client = new SwimClient({ onError: tellErrors, cache: indexedDbCache() })
const cityNode = client.hostRef(hostUri).nodeRef('/city')
const city = cityNode.downlinkMap().laneUri('elevators').cache(true).didChangeStatus(tellStatus).open()
tellStatus(city.status)
const names = cityNode.downlinkMap().laneUri('hotels').cache(true).open()
openSkyline(byId('skyline'), city, openOverview(byId, city, names))

let comparison = 0
const clients = {}
const panes = ['A', 'B'].map(letter =>
  openPane(byId('panes'), {
    name: `Client ${letter}`,
    hostUri,
    onClient: own => (clients[letter] = own),
    onChange: () => compareSoon(),
  }),
)
openForget(byId('forget'), byId('forgotten'), [client, ...Object.values(clients)])

// Each client is looked into: its link, its entries, its frames.
const inspector = byId('inspector')
inspector.client = { ...clients, City: client }
const wearTheme = () => inspector.setAttribute('theme', document.documentElement.dataset.theme ?? '')
addEventListener('themechange', wearTheme)
wearTheme()

/** Says whether the two maps are the same, entry by entry. */
function compare() {
  comparison = 0
  const [a, b] = panes
  const keys = new Set([...a.keys(), ...b.keys()])
  const differing = [...keys].filter(key => JSON.stringify(a.get(key)) !== JSON.stringify(b.get(key)))
  const same = byId('same')
  const isEqual = differing.length === 0
  same.dataset.equal = String(isEqual)
  const away = panes.filter(pane => !pane.connected)
  const small = document.createElement('small')
  if (away.length > 0 && isEqual) small.textContent = 'as they last heard'
  else if (away.length > 0)
    small.textContent = away.length === 1 ? 'one is cut off, and says so' : 'both are cut off, and say so'
  else if (!isEqual) small.textContent = 'an event is on its way'
  same.replaceChildren(
    isEqual
      ? `Both hold the same ${keys.size} entries`
      : `They differ in ${differing.length === 1 ? 'one entry' : `${differing.length} entries`}`,
    small,
  )
}
function compareSoon() {
  // Both clients are told of one change by frames of their own: a moment later.
  comparison ||= setTimeout(compare, 60)
}
