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
