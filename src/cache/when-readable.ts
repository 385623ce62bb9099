// Floor 7. Waits until a map has entries to show, of this or an earlier visit.
import type { WithStatus } from '../downlink/status.js'
import type { WaitOptions } from '../downlink/wait.js'

interface Awaited extends WithStatus {
  whenSynced(options?: WaitOptions): Promise<void>
}

/** Resolves as `whenSynced` does, and earlier if entries of an earlier visit show. */
export function whenReadable(this: Awaited, options?: WaitOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => this.status.state === 'stale' && resolve()
    const undo = this.on('didChangeStatus', look)
    look()
    // The method of the class: test hosts replace the map's own method, to watch the promises that applications wait for.
    const { whenSynced } = Object.getPrototypeOf(this) as Awaited
    void whenSynced.call(this, options).then(resolve, reject).finally(undo)
  })
}
