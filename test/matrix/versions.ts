// The one place where the versions are named that the matrix gets from npm. docs/ENVIRONMENTS.md shows what was found with them.

/** Schema libraries, each at the ends of what works, by npm alias. */
export const schemas = {
  'zod-3.24': 'npm:zod@3.24.4',
  'zod-3.25': 'npm:zod@3.25.76',
  'zod-4.0': 'npm:zod@4.0.17',
  'zod-4.1': 'npm:zod@4.1.13',
  'zod-4.3': 'npm:zod@4.3.6',
  'zod-4.4': 'npm:zod@4.4.3',
  'zod-4.6': 'npm:zod@4.6.7',
  'valibot-1.0': 'npm:valibot@1.0.0',
  'valibot-1': 'npm:valibot@1.5.0',
  'arktype-2.0': 'npm:arktype@2.0.4',
  'arktype-2': 'npm:arktype@2.2.10',
  yup: 'npm:yup@1.7.1',
  joi: 'npm:joi@18.3.2',
  'effect-3': 'npm:effect@3.17.14',
  'effect-4': 'npm:effect@4.1.0',
} as const

/** Compilers, by npm alias. */
export const compilers = {
  'typescript-5.4': 'npm:typescript@5.4.5',
  'typescript-5.9': 'npm:typescript@5.9.3',
  'typescript-6.0': 'npm:typescript@6.0.3',
  'typescript-7': 'npm:typescript@7.0.2',
} as const

/** Frameworks, at the ends of what works. */
export const frameworks = {
  'react 18.3': { react: '18.3.1', 'react-dom': '18.3.1' },
  'react 19.3': { react: '19.3.1', 'react-dom': '19.3.1' },
  'vue 3.3': { vue: '3.3.0' },
  'vue 3.5': { vue: '3.5.45' },
  'svelte 4': { svelte: '4.2.0' },
  'svelte 5': { svelte: '5.57.3' },
  'solid 1.8': { 'solid-js': '1.8.0' },
  'solid 1.9': { 'solid-js': '1.9.20' },
} as const

/** What an application may have already, though it imports no entry that would use it: nothing blocks the install. */
export const neighbours = {
  'React 18, zod 3, Svelte 4, Vue 2': {
    react: '18.3.1',
    'react-dom': '18.3.1',
    zod: '3.25.76',
    svelte: '4.2.0',
    vue: '2.7.16',
  },
  'React 17, zod 3.20, Svelte 3, Solid 1.4': {
    react: '17.0.2',
    'react-dom': '17.0.2',
    zod: '3.20.6',
    svelte: '3.59.2',
    'solid-js': '1.4.8',
  },
  'Vue 3.3, Solid 1.8, zod 4.0': { vue: '3.3.0', 'solid-js': '1.8.0', zod: '4.0.17' },
  'classic-level 1, isomorphic-ws 4, ws 7': { 'classic-level': '1.4.1', 'isomorphic-ws': '4.0.1', ws: '7.5.10' },
  'the newest of all': {
    react: '19.3.1',
    'react-dom': '19.3.1',
    zod: '4.6.7',
    svelte: '5.57.3',
    vue: '3.5.45',
    'solid-js': '1.9.20',
    'classic-level': '3.0.0',
  },
} as const

/** Other installers than npm, each with the command that adds a package. */
export const installers = {
  'pnpm 10': ['pnpm@10.12.1', 'add', '--prefer-offline'],
  'yarn 1': ['yarn@1.22.22', 'add', '--no-lockfile'],
} as const

/** Packages whose types our own lean on. */
export const typed = {
  '@types/node': '20.19.43',
  '@types/react': '19.3.0',
  react: '19.3.1',
  vue: '3.5.45',
  svelte: '5.57.3',
  'solid-js': '1.9.20',
  zod: '4.6.7',
} as const
