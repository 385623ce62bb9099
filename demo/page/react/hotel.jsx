// The same lane in React. Each card reads one entry, and renders again when that one changes: the number in it counts.
import { StrictMode, useEffect, useRef } from 'react'
import { createRoot } from 'react-dom/client'
import { SwimClient } from 'swimlink'
import { indexedDbCache } from 'swimlink/cache'
import { useDownlinkStatus, useMapDownlink, useMapEntry, useMapKeys } from 'swimlink/react'
import { hotelOf } from '../script/hotels.js'
import { createAwayBanner, createStaleMark, showStatus, tellErrors } from '../script/status.js'

const client = new SwimClient({ onError: tellErrors, cache: indexedDbCache() })
const host = client.hostRef(`${location.protocol === 'https:' ? 'warps' : 'warp'}://${location.host}`)
const city = host.downlinkMap().nodeUri('/city').laneUri('elevators').cache(true)
const chip = document.getElementById('link')
const showAway = createAwayBanner(document.getElementById('away'))
const markStale = createStaleMark(document.getElementById('cards'))

function City() {
  const map = useMapDownlink(() => city.open())
  const keys = useMapKeys(map)
  const status = useDownlinkStatus(map)
  useEffect(() => {
    showStatus(chip, status)
    showAway(status)
    markStale(status)
  }, [status])
  return (
    <>
      <p className="count">
        The list was <Renders />, for {keys.length} elevators; each of them:
      </p>
      <ul className="cards">
        {keys.map(key => (
          <Elevator key={key} map={map} id={key} />
        ))}
      </ul>
    </>
  )
}

function Elevator({ map, id }) {
  const elevator = useMapEntry(map, id)
  const { lowest, highest } = hotelOf(id)
  if (!elevator) return null
  return (
    <li className={elevator.occupied ? 'card occupied' : 'card'}>
      <h2>{id}</h2>
      <p className="floor">
        {elevator.floor} <small>{elevator.occupied ? 'occupied' : 'empty'}</small>
      </p>
      <div
        className="shaft"
        style={{ '--height': (elevator.floor - lowest) / (highest - lowest) }}
        aria-hidden="true"
      />
      <p className="count">
        <Renders />
      </p>
    </li>
  )
}

/** How often what it is in was rendered. */
function Renders() {
  const count = useRef(0)
  const text = useRef(null)
  useEffect(() => {
    text.current.textContent = `rendered ${++count.current} ${count.current === 1 ? 'time' : 'times'}`
  })
  return <span ref={text} />
}

createRoot(document.getElementById('cards')).render(
  <StrictMode>
    <City />
  </StrictMode>,
)
