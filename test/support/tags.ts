// What tests can be marked with, and what the mark means.
export const tags = [
  {
    name: 'full',
    description:
      'Whole files whose tests take long: left out by npm test, run by npm run test:full and by each run of CI.',
  },
  {
    name: 'slow',
    description:
      'More breadth than each change needs, at seconds of processor time: left out by npm test, run by npm run test:slow.',
  },
  {
    name: 'many',
    description:
      'Millions of characters or many thousand rounds: left out by npm run test:mutation, which repeats tests.',
  },
]
