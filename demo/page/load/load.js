// The load view: as many vehicles and updates as asked for, drawn once a frame, and told plainly what is reached.
import { SwimClient } from '../swimlink.min.js'
import { createAwayBanner, createStaleMark, showStatus, tellErrors } from '../script/status.js'
import { CityMap } from './city-map.js'
import { DistrictList } from './district-list.js'
import { SharedSocket, mostVehicles, openFleet } from './fleet-link.js'
import { Meter } from './meter.js'

const counts = [1_000, 2_000, 5_000, 10_000, 20_000, 35_000, 50_000, 75_000, 100_000]
const rates = [0, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 70_000, 100_000]
const byId = id => document.getElementById(id)
const hostUri = `${location.protocol === 'https:' ? 'warps' : 'warp'}://${location.host}`

// The fleet has a host of its own, so that its load slows nothing else: this lane says where.
const client = new SwimClient({ onError: tellErrors })
const showAway = createAwayBanner(byId('away'))
const tellStatus = status => {
  showStatus(byId('link'), status)
  showAway(status)
}
const port = client.downlinkValue().hostUri(hostUri).nodeUri('/fleet').laneUri('port').open()
const undo = port.on('didChangeStatus', tellStatus)
tellStatus(port.status)
await port.whenSynced()
undo()
const fleetUri = `warp://${location.hostname}:${port.get()}`

// What the host is asked for is a value lane: two pages that look at one host have the same sliders.
const load = client.downlinkValue().hostUri(fleetUri).nodeUri('/fleet').laneUri('load').didSet(showLoad).open()
const made = client.downlinkValue().hostUri(fleetUri).nodeUri('/fleet').laneUri('made').open()
for (const id of ['count', 'rate']) {
  byId(id).addEventListener('input', () =>
    load.set({ count: counts[byId('count').value], rate: rates[byId('rate').value] }),
  )
}
function showLoad({ count, rate } = {}) {
  for (const [id, steps, value] of [
    ['count', counts, count],
    ['rate', rates, rate],
  ]) {
    const step = steps.findIndex(step => step >= value)
    byId(id).value = step < 0 ? steps.length - 1 : step
    byId(`${id}-text`).textContent = value?.toLocaleString('en') ?? '–'
    byId(id).setAttribute('aria-valuetext', String(value))
  }
}

const map = new CityMap(document.querySelector('#map canvas'), mostVehicles)
const districtList = new DistrictList(byId('districts'), byId('map'), map)
const meter = new Meter(byId)
const markStale = createStaleMark(byId('map'), byId('districts'))
const onStatus = status => {
  tellStatus(status)
  markStale(status)
}

let source
function choose(where) {
  source?.close()
  map.forget()
  source = where === 'worker' ? openInWorker() : openHere(where === 'shared' ? SharedSocket : undefined)
  meter.restart()
}
for (const radio of document.querySelectorAll('[name=where]')) {
  radio.addEventListener('change', () => choose(radio.value))
}

/** In this page: what came is taken when a frame is drawn. */
function openHere(Socket) {
  const fleet = openFleet(fleetUri, onStatus, Socket)
  return { frame: () => take(fleet.take()), close: () => fleet.close() }
}

/** In a worker: it is asked at each frame, and what it answered since the last is drawn. */
function openInWorker() {
  const worker = new Worker(new URL('fleet-worker.js', import.meta.url), { type: 'module' })
  worker.postMessage({ hostUri: fleetUri })
  let isAsked = false
  worker.onmessage = ({ data }) => {
    if (data.status) return onStatus(data.status)
    isAsked = false
    take(data.batch)
  }
  return {
    frame() {
      if (!isAsked) worker.postMessage({ isAsked: (isAsked = true) })
    },
    close: () => worker.terminate(),
  }
}

function take(batch) {
  map.apply(batch)
  if (batch.districts) districtList.received(batch.districts)
  meter.received(batch.sums)
}

choose('worker')
requestAnimationFrame(function frame(nowMs) {
  requestAnimationFrame(frame)
  source.frame()
  map.draw()
  districtList.draw(nowMs)
  meter.drawn(nowMs, load.get(), made.get())
})
