// Before interop tests: builds the hosts, so that files which run side by side do not each build their own.
import { buildJavaHost } from './java-host.js'
import { buildRustHost } from './rust-host.js'

export default async function buildAll(): Promise<void> {
  // What can't be built, the tests that need it say.
  for (const build of [buildRustHost, buildJavaHost]) await build().catch(() => undefined)
}
