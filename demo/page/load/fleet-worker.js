// The same client in a worker: the page draws while this one reads. One message a frame each way.
import { openFleet } from './fleet-link.js'

let fleet
onmessage = ({ data }) => {
  if (data.hostUri) fleet = openFleet(data.hostUri, status => postMessage({ status: { ...status, error: undefined } }))
  else {
    const batch = fleet.take()
    postMessage({ batch }, [batch.ids.buffer, batch.xs.buffer, batch.ys.buffer])
  }
}
