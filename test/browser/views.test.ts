// Views and windows in each binding with its framework, in the version at hand. Others: test/matrix.
// @module-tag full
import { describe } from 'vitest'
import { bundlePage } from './bindings/bundle.js'
import { viewTests } from './bindings/view-cases.js'

describe.each(['react', 'vue', 'svelte', 'solid'])('views in %s', framework =>
  viewTests(mode => bundlePage(`${framework}-views-page.ts`, mode), true),
)
