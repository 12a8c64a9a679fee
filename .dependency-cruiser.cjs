/**
 * Circles are the linter's (import/no-cycle): it knows type-only imports from real ones.
 * The layer table of ARCHITECTURE.md. One row per folder: what it may import of ours, and which packages. web/ is held by the linter
 * (no-restricted-imports in .oxlintrc.json), because the swc parser of this tool cannot read JSX.
 */
const ours = [
  'engine',
  'bpmn',
  'contract',
  'registry',
  'db',
  'exchange',
  'documents',
  'issuing',
  'files',
  'activities',
  'workflows',
  'worker',
  'api',
  'cli',
  'simulators',
  'stack',
  'bench',
  'chaos',
  'web',
];
const pureNpm = ['big\\.js'];

const layers = {
  engine: { ours: [], npm: pureNpm, node: false },
  bpmn: {
    ours: ['engine'],
    npm: ['bpmn-moddle', 'moddle', 'zeebe-bpmn-moddle', 'dmn-moddle', 'lezer-feel', '@lezer'],
    node: false,
  },
  contract: { ours: [], npm: ['zod'], node: false },
  registry: { ours: [], npm: [], node: false },
  db: { ours: ['engine', 'registry'], npm: ['pg', 'kysely', '@temporalio/common', 'idn-area-data'], node: true },
  exchange: {
    ours: ['contract', 'registry'],
    npm: ['csv-parse', 'csv-stringify', 'saxes', 'yauzl', 'yazl', 'zod'],
    node: true,
  },
  documents: { ours: ['definitions'], npm: ['pdfmake', 'tsx'], node: true },
  issuing: {
    ours: ['contract', 'db', 'documents', 'engine', 'files'],
    npm: ['pg', 'zod'],
    node: true,
  },
  files: { ours: [], npm: ['@aws-sdk/client-s3', 'exif-reader', 'sharp'], node: true },
  activities: {
    ours: ['engine', 'registry', 'db', 'contract', 'workflows', 'exchange', 'files', 'issuing'],
    npm: ['@temporalio/(activity|client|common|proto)', 'pg', 'nodemailer', 'pino', 'zod'],
    node: true,
  },
  workflows: { ours: ['engine', 'activities', 'db'], npm: ['@temporalio/(workflow|common)'], node: false },
  worker: {
    ours: ['activities', 'db', 'documents', 'workflows', 'engine', 'files', 'issuing'],
    npm: ['@temporalio', 'pino', 'pg', 'zod'],
    node: true,
  },
  api: {
    ours: [
      'activities',
      'contract',
      'bpmn',
      'db',
      'documents',
      'engine',
      'exchange',
      'files',
      'issuing',
      'registry',
      'workflows',
    ],
    npm: null,
    node: true,
  },
  cli: { ours: ['contract', 'bpmn', 'engine', 'exchange'], npm: null, node: true },
  bench: {
    ours: ['activities', 'api', 'bpmn', 'cli', 'registry', 'db', 'engine', 'exchange', 'stack', 'worker', 'workflows'],
    npm: null,
    node: true,
  },
  chaos: { ours: ['contract', 'db', 'engine', 'stack', 'cli', 'workflows', 'bpmn'], npm: null, node: true },
  simulators: { ours: [], npm: ['express', 'zod', 'pino', 'yauzl', 'yazl'], node: true },
};

const forbidden = [
  {
    name: 'no-orphan-import',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true, pathNot: ['^(virtual:|#)', '\\?'] },
  },
];

for (const [folder, rule] of Object.entries(layers)) {
  const from = { path: `^${folder}/` };
  const foreign = ours.filter((name) => name !== folder && !rule.ours.includes(name));
  forbidden.push({ name: `${folder}-layers`, severity: 'error', from, to: { path: `^(${foreign.join('|')})/` } });
  if (!rule.node) {
    forbidden.push({ name: `${folder}-no-node`, severity: 'error', from, to: { dependencyTypes: ['core'] } });
  }
  if (rule.npm) {
    const allowed = rule.npm.map((name) => `(^|node_modules/)${name}(/|$)`);
    forbidden.push({
      name: `${folder}-packages`,
      severity: 'error',
      from,
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg'], pathNot: allowed },
    });
  }
}
forbidden.push({
  name: 'api-sees-only-workflow-messages',
  severity: 'error',
  from: { path: '^(api|activities)/' },
  to: { path: '^workflows/', pathNot: '^workflows/messages\\.ts$' },
});
forbidden.push({
  name: 'api-does-no-activities',
  severity: 'error',
  from: { path: '^api/' },
  to: { path: '^activities/', pathNot: '^activities/(ask-workflow|hand-out)\\.ts$' },
});

module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    // dependency-cruiser's swc parser does not know TSX; test/web/layers.test.ts checks those files.
    exclude: { path: '(^|/)(dist|\\.alur)/|\\.tsx$' },
    tsPreCompilationDeps: false,
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
