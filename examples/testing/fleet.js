// An application: the vehicles of a depot, shown as a list, each with a button that stops it.
import { createElement as h } from 'react'
import { useDownlinkStatus, useMapDownlink, useMapEntries } from 'swimlink/react'

/** Stops a vehicle, where it has not moved on since it was looked at. Gives whether it was stopped. */
export async function stop(vehicles, id) {
  const vehicle = vehicles.get(id)
  if (vehicle === undefined || vehicle.speed === 0) return false
  try {
    await vehicles.put(id, { ...vehicle, speed: 0 }, { unlessChanged: true })
    return true
  } catch (error) {
    if (error.code === 'conflict') return false
    throw error
  }
}

export function Fleet({ client, depot }) {
  const vehicles = useMapDownlink(
    () => client.downlinkMap({ nodeUri: `/depot/${depot}`, laneUri: 'vehicles' }).open(),
    [client, depot],
  )
  const { state } = useDownlinkStatus(vehicles)
  const entries = useMapEntries(vehicles)
  return h(
    'main',
    null,
    h('p', { role: 'status' }, state === 'synced' ? `${entries.size} vehicles` : state),
    h(
      'ul',
      null,
      [...entries].map(([id, { speed }]) =>
        h('li', { key: id }, `${id}: ${speed} km/h `, h('button', { onClick: () => stop(vehicles, id) }, `Stop ${id}`)),
      ),
    ),
  )
}
