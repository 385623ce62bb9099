import tseslint from 'typescript-eslint'

const ownTime = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate']
// A message shows texts that may come from anywhere: base/excerpt.ts cuts them.
const uncut = {
  selector:
    ':matches(NewExpression[callee.name=/Error$/], CallExpression[callee.type="Super"]) > TemplateLiteral[expressions.length>0]',
  message: 'Write messages with parts by say`…`, or put them together of excerpt, quote and messageOf by +.',
}

// Safari before 16.4 can't read a module that has one, even if nothing calls it.
const lookbehind = {
  selector: 'Literal[regex.pattern=/\\(\\?<[=!]/]',
  message: 'Write patterns without lookbehind: Safari before 16.4 refuses the whole module.',
}

const sleeps = ['unit', 'prop'].map(room => `test/${room}/**/*.ts`)

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'docs/.vitepress/{cache,dist,.temp}/**',
      'docs/api/**',
      'coverage/**',
      'node_modules/**',
      '**/target/**',
      'test/fixtures/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.json' } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'max-lines': ['error', { max: 250 }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/base/clock.ts'],
    rules: {
      // Time and chance enter by one door, so that tests can own them.
      'no-restricted-globals': ['error', ...ownTime],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now' },
        { object: 'Math', property: 'random' },
        { object: 'performance', property: 'now' },
      ],
    },
  },
  { files: ['src/**/*.ts'], rules: { 'no-restricted-syntax': ['error', lookbehind] } },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/recon/**'],
    rules: { 'no-restricted-syntax': ['error', uncut, lookbehind] },
  },
  {
    // The host's rooms run on any runtime, but for the one with its sockets.
    files: ['src/host/{keep,lanes,nodes,peers}/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', ...ownTime, 'Buffer', 'process', 'global'] },
  },
  {
    files: sleeps,
    rules: { 'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'setImmediate'] },
  },
  { files: ['test/**/*.ts', 'bench/**/*.ts'], rules: { 'max-lines': 'off' } },
)
