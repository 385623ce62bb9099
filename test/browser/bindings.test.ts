// Each binding with its framework, in the version at hand. Others: test/matrix.
// @module-tag full
import { describe } from 'vitest'
import { bundlePage } from './bindings/bundle.js'
import { bindingTests } from './bindings/cases.js'

describe.each(['react', 'vue', 'svelte', 'solid'])('the binding for %s', framework =>
  bindingTests(mode => bundlePage(`${framework}-page.ts`, mode), true),
)
