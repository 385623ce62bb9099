// Floor 1. The entry of a value lane, in the place of a map of entries: a Map takes 216 bytes for one.
import { gone, type Gone } from './covered.js'
import type { Entries } from './showing.js'

export class Single<V> implements Entries<undefined, V> {
  value: V | Gone = gone

  get size(): number {
    return Number(this.has())
  }

  has(): boolean {
    return this.value !== gone
  }

  get(): V | undefined {
    return this.value === gone ? undefined : this.value
  }

  keyOf(): undefined {
    return undefined
  }

  replace(_id: unknown, value: V): void {
    this.value = value
  }

  add(_id: unknown, _key: undefined, value: V): boolean {
    const isNew = !this.has()
    this.value = value
    return isNew
  }

  delete(): void {
    this.value = gone
  }

  idsAsLaid(): Iterable<unknown> {
    return this.has() ? [undefined] : []
  }
}
