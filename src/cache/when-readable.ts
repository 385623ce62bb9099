// Floor 7. When a map has entries to show, of whichever visit.
import type { WithStatus } from '../downlink/status.js'
import type { WaitOptions } from '../downlink/wait.js'

interface Awaited extends WithStatus {
  whenSynced(options?: WaitOptions): Promise<void>
}

/** As `whenSynced`, and sooner where entries of an earlier visit show. */
export function whenReadable(this: Awaited, options?: WaitOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => this.status.state === 'stale' && resolve()
    const undo = this.on('didChangeStatus', look)
    look()
    // That of its class: nobody has asked this map itself when it is synced.
    const { whenSynced } = Object.getPrototypeOf(this) as Awaited
    void whenSynced.call(this, options).then(resolve, reject).finally(undo)
  })
}
