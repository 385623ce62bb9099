// Interop support. The SwimOS Java host (test/interop/java): fetched and built with Maven when its sources have changed.
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { builtFolder, runStep, sourceKey, toolVersion } from './build-cache.js'
import { startHost, type RealHost } from './host-process.js'

const project = fileURLToPath(new URL('../java', import.meta.url))
const install =
  'The SwimOS Java host needs a JDK, 11 or newer, and Maven, and that Maven can fetch org.swimos:swim-server. ' +
  'On Debian 12: apt-get install openjdk-17-jdk-headless maven; on Debian 13: apt-get install default-jdk-headless maven.'

export interface JavaHostOptions {
  /** 0, the default, takes a free one. */
  port?: number
  /** An authenticator (token `good`, `bad`, or nobody's) and a policy for the lanes `secret` and `denied`; off by default. */
  auth?: boolean
  /** Offers permessage-deflate; off by default. */
  deflate?: boolean
  /** More flags for the JVM. */
  jvm?: readonly string[]
}

/** Starts the SwimOS Java host; the first call after a change of its sources fetches and builds it. */
export async function startJavaHost({ port, auth, deflate, jvm }: JavaHostOptions = {}): Promise<RealHost> {
  const folder = await buildJavaHost()
  const flags = [
    // Up fast rather than fast once warm.
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Xshare:auto',
    '-Xmx1g',
    ...(deflate ? ['-Dswim.ws.server.compression.level=6', '-Dswim.ws.client.compression.level=6'] : []),
    ...(jvm ?? []),
  ]
  return startHost({
    name: 'SwimOS Java host',
    command: 'java',
    args: at => [
      ...flags,
      '-cp',
      [join(folder, 'classes'), join(folder, 'lib', '*')].join(delimiter),
      'swimlink.interop.Main',
      '--port',
      String(at),
      ...(auth ? ['--auth'] : []),
    ],
    ...(port === undefined ? {} : { port }),
  })
}

/**
 * Why the host can't be had here although all its tools are: Maven was answered that there is no such artifact. Undefined where
 * the host is there. Throws for whatever can be mended: a tool that is missing, a network that does not answer, a build that fails.
 */
export async function javaHostMissing(): Promise<string | undefined> {
  try {
    await buildJavaHost()
    return undefined
  } catch (problem) {
    const text = String(problem)
    const artifact = /Could not find artifact (org\.swimos:[\w.:-]+)/.exec(text)?.[1]
    if (artifact === undefined || /Could not transfer artifact org\.swimos/.test(text)) throw problem
    return `the Maven repository in reach answers that it has no ${artifact}`
  }
}

/** The folder that holds the classes and the jars. */
export async function buildJavaHost(): Promise<string> {
  const version = await toolVersion('java', ['-version'], install)
  await toolVersion('javac', ['-version'], install)
  const key = await sourceKey(project, ['pom.xml', 'src'], [version])
  return builtFolder('java-host', key, async into => {
    await toolVersion('mvn', ['--version'], install)
    // Updates are asked for so that a failed attempt is not remembered for a day.
    await runStep({
      tool: 'mvn',
      args: ['--batch-mode', '--no-transfer-progress', '--update-snapshots', `-Dinterop.out=${into}`, 'compile'],
      cwd: project,
      hint: install,
    })
  })
}
