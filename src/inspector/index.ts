// Floor 9. The public door of `swimlink/inspector`. Importing it defines `<swimlink-inspector>` where there are elements.
import { SwimlinkInspector } from './element.js'

/**
 * Defines the element by a name. The import does so for `swimlink-inspector`. Does nothing if the name is taken, or where there are no
 * elements, as on a server.
 * @example
 * defineInspector('hotel-inspector')
 * document.body.append(document.createElement('hotel-inspector'))
 */
export function defineInspector(name = 'swimlink-inspector'): void {
  if (typeof customElements !== 'object' || customElements.get(name) !== undefined) return
  // A class can be defined by one name only, so each other name gets a class of its own.
  customElements.define(name, name === 'swimlink-inspector' ? SwimlinkInspector : class extends SwimlinkInspector {})
}

defineInspector()

export { SwimlinkInspector, type InspectedClients } from './element.js'
