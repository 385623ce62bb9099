// What an example shows, while it is in the page.
import { onBeforeUnmount, onMounted, shallowRef, type ShallowRef } from 'vue'

/** Starts an example: calls `show` whenever what it shows may have changed, and returns what ends it. */
type Start<Scene> = (show: (scene: Scene) => void) => () => void

/** Loads an example once its component is in the page, and ends it with the component. Undefined until it shows something. */
export function useScene<Scene>(load: () => Promise<Start<Scene>>): ShallowRef<Scene | undefined> {
  const scene = shallowRef<Scene>()
  let end = () => {}
  let isGone = false

  onMounted(async () => {
    const start = await load()
    if (!isGone) end = start(shown => (scene.value = shown))
  })
  onBeforeUnmount(() => {
    isGone = true
    end()
  })
  return scene
}
