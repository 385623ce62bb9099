// The floors of the house (docs/ARCHITECTURE.md): a room imports from lower floors or from itself, never up or across.
const floors = {
  base: [],
  recon: ['base'],
  transport: ['base'],
  store: ['base'],
  warp: ['store', 'recon', 'base'],
  schema: ['recon', 'base'],
  write: ['store', 'warp', 'recon', 'base'],
  link: ['write', 'store', 'warp', 'recon', 'base'],
  connection: ['link', 'write', 'warp', 'transport', 'recon', 'base'],
  downlink: ['link', 'write', 'schema', 'warp', 'store', 'recon', 'base'],
  view: ['downlink', 'store', 'base'],
  host: ['schema', 'warp', 'store', 'recon', 'base'],
  client: ['downlink', 'connection', 'link', 'write', 'schema', 'warp', 'transport', 'recon', 'base'],
  testing: [
    'cache',
    'inspect',
    'cache',
    'host',
    'client',
    'downlink',
    'connection',
    'link',
    'write',
    'schema',
    'warp',
    'transport',
    'store',
    'recon',
    'base',
  ],
  cache: ['client', 'downlink', 'link', 'write', 'warp', 'store', 'recon', 'base'],
  shared: ['client', 'downlink', 'connection', 'link', 'write', 'warp', 'transport', 'store', 'recon', 'base'],
  inspector: ['inspect', 'client', 'base'],
  inspect: ['client', 'downlink', 'connection', 'link', 'write', 'warp', 'store', 'recon', 'base'],
}

// The rooms of the embedded host. All but `server` know no platform: in memory they do what they do behind sockets.
const hostRooms = {
  keep: [],
  lanes: ['keep'],
  nodes: ['lanes', 'keep'],
  peers: ['nodes', 'lanes', 'keep'],
  server: ['peers', 'nodes', 'lanes', 'keep'],
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' }, to: {} },
    ...Object.entries(floors).map(([room, below]) => ({
      name: `${room}-looks-down-only`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      // Join lanes of the host follow other hosts by the client, through its public door; tests of applications go through it too.
      to: {
        path: '^src/',
        pathNot: `^src/(${[room, ...below].join('|')})/${{ host: '|^src/index\\.ts$', cache: '|^src/index\\.ts$', testing: '|^src/index(\\.node)?\\.ts$' }[room] ?? ''}`,
      },
    })),
    ...Object.entries(hostRooms).map(([room, below]) => ({
      name: `host-${room}-looks-down-only`,
      severity: 'error',
      from: { path: `^src/host/${room}/` },
      to: {
        path: '^src/host/',
        pathNot: `^src/host/(${[room, ...below].join('|')})/${room === 'server' ? '|^src/host/options\\.ts$' : ''}`,
      },
    })),
    {
      name: 'host-knows-its-platform-in-one-room',
      severity: 'error',
      from: { path: '^src/host/(keep|lanes|nodes|peers)/', pathNot: '^src/host/keep/level-store\\.ts$' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'unknown'] },
    },
    {
      name: 'a-source-of-collections-sees-the-public-door-and-the-ground',
      severity: 'error',
      from: { path: '^src/tanstack-db\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(index\\.ts$|base/)' },
    },
    {
      name: 'bindings-see-the-public-types-alone',
      severity: 'error',
      from: { path: '^src/(react|vue|svelte|solid|map-window)\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(index|map-window)\\.ts$' },
    },
    {
      name: 'bindings-import-no-client-to-run',
      severity: 'error',
      from: { path: '^src/(react|vue|svelte|solid|map-window)\\.ts$' },
      to: { path: '^src/', pathNot: '^src/map-window\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-command-knows-the-package-by-its-public-names',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/', pathNot: '^src/cli/' },
    },
    {
      name: 'nothing-knows-the-command',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'one-door-from-host-to-client',
      severity: 'error',
      from: { path: '^src/host/', pathNot: '^src/host/remote\\.ts$' },
      to: { path: '^src/index\\.ts$' },
    },
    {
      name: 'views-know-maps-by-what-is-readable',
      severity: 'error',
      from: { path: '^src/view/' },
      to: { path: '^src/downlink/', pathNot: '^src/downlink/(readable|feed|change|status|wait|echo)\\.ts$' },
    },
    ...[
      ['isomorphic-ws', '^src/transport/websocket\\.ts$'],
      ['mitt', '^src/base/events\\.ts$'],
    ].map(([dependency, door]) => ({
      name: `one-door-for-${dependency}`,
      severity: 'error',
      from: { path: '^src/', pathNot: door },
      to: { path: `node_modules/${dependency}/` },
    })),
    {
      name: 'zod-for-types-alone',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(host|cli|zod)' },
      to: { path: 'node_modules/zod/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
