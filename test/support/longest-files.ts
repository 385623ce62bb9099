// Says which files of tests took longest, so that what slows a run down is seen as it comes.
import type { Reporter, TestModule } from 'vitest/node'

const shown = 10

export default class LongestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (modules.length <= shown) return
    const took = modules.map(module => {
      const { collectDuration, duration } = module.diagnostic()
      return { ms: collectDuration + duration, file: module.relativeModuleId }
    })
    const longest = took.sort((a, b) => b.ms - a.ms).slice(0, shown)
    console.log(`\nlongest of ${modules.length} files:`)
    for (const { ms, file } of longest) console.log(`${(ms / 1000).toFixed(1).padStart(6)} s  ${file}`)
  }
}
