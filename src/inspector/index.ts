// Floor 9. The public door of `swimlink/inspector`: importing it defines `<swimlink-inspector>`, where there are elements.
import { SwimlinkInspector } from './element.js'

/**
 * Defines the element by a name; done for `swimlink-inspector` by the import. Does nothing where that name is taken, or where there are
 * no elements, as on a server.
 * @example
 * defineInspector('hotel-inspector')
 * document.body.append(document.createElement('hotel-inspector'))
 */
export function defineInspector(name = 'swimlink-inspector'): void {
  if (typeof customElements !== 'object' || customElements.get(name) !== undefined) return
  // A class has one name; another is that of a class of its own.
  customElements.define(name, name === 'swimlink-inspector' ? SwimlinkInspector : class extends SwimlinkInspector {})
}

defineInspector()

export { SwimlinkInspector, type InspectedClients } from './element.js'
