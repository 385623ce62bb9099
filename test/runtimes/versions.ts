// The one place where the versions are pinned that the tests of runtimes get from npm. docs/BINDINGS.md names them too, and
// a test holds it to them.

export const versions = {
  deno: '2.9.6',
  bun: '1.4.5',
  workerd: '1.20261117.1',
  node: ['20.20.2', '22.23.3', '24.21.0', '26.10.0'],
  /** Drives Firefox. Later ones want Node 22. */
  'puppeteer-core': '24.43.1',
} as const
