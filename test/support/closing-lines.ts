// Ends a run with one plain line, `tests: N passed, N failed`, that people and CI can read; before it, why any were not run.
import type { Reporter, TestModule } from 'vitest/node'

export default class ClosingLines implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0
    let failed = unhandledErrors.length
    let skipped = 0
    const notes = new Set<string>()
    for (const module of modules) {
      if (module.errors().length > 0) failed++
      // What is made ready before the tests of a suite, and fails, leaves them unrun.
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) failed++
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') passed++
        else if (result.state === 'failed') failed++
        else skipped++
        if (result.state === 'skipped' && result.note !== undefined) notes.add(result.note)
      }
    }
    console.log([...notes].map(note => `\n${note}`).join(''))
    console.log(`tests: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  }
}
