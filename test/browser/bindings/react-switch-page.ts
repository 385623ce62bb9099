// One component whose lane changes, and two that share one.
import { createElement as h, StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { useDownlinkStatus, useMapDownlink, useMapEntry } from '../../../src/react.js'
import { app, client } from './app.js'

/** Each pair of a lane and what was shown for it, as painted. */
const painted: string[] = []
Object.assign(app, { painted })

function Entry({ lane }: { lane: string }) {
  const map = useMapDownlink(() => client.downlinkMap<string, string>({ laneUri: lane }).open(), [lane])
  const name = useMapEntry(map, 'name')
  const { state } = useDownlinkStatus(map)
  useEffect(() => {
    painted.push(`${lane} ${name}`)
  })
  return h('p', { className: 'entry' }, `${state} ${name}`)
}

function Page() {
  const [lane, setLane] = useState('one')
  Object.assign(app, { setLane })
  return h('main', null, h(Entry, { lane }), h(Entry, { lane }))
}

createRoot(document.body.appendChild(document.createElement('div'))).render(h(StrictMode, null, h(Page)))
