/** The processes that are measured: one description each, written out as BPMN (and DMN) in the dialect of each engine. */
import { dialects } from './dialects.ts';
import type { Dialect } from './dialects.ts';
import type { EngineName } from './protocol.ts';

export interface ModelFiles {
  readonly bpmn: string;
  readonly dmn: string | null;
}

export interface Row {
  readonly id: string;
  readonly title: string;
  /** Elements one instance completes by the standard. */
  readonly elements: (engine: EngineName) => number;
  readonly files: (engine: EngineName) => ModelFiles;
  /** Variables every instance is started with. */
  readonly variables: Readonly<Record<string, number | string | readonly number[]>>;
  /** What has to be known about an engine in this row. */
  readonly notes: Partial<Record<EngineName, string>>;
  /** Engines that cannot run the row, and why. */
  readonly unable: Partial<Record<EngineName, string>>;
}

const branches = 20;
const diamonds = 5;
const items = 1_000;
const iterations = 10_000;
/** Of the peers, unless all are asked for: 10,000 take them minutes. */
const fewIterations = 500;
const rules = 200;

const chain = (ids: readonly string[]): string =>
  ids
    .slice(1)
    .map((target, index) => flow(ids[index] ?? '', target))
    .join('\n');

const flow = (source: string, target: string, condition = ''): string =>
  `<bpmn:sequenceFlow id="${source}-${target}" sourceRef="${source}" targetRef="${target}">${condition}</bpmn:sequenceFlow>`;

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

const task = (id: string): string => `<bpmn:task id="${id}"/>`;

function processOf({ namespaces }: Dialect, body: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ${namespaces} id="definitions" targetNamespace="https://alur.example/bench">
<bpmn:process id="process" isExecutable="true">
<bpmn:startEvent id="start"/>
${body.join('\n')}
<bpmn:endEvent id="end"/>
</bpmn:process>
</bpmn:definitions>
`;
}

function sequence(dialect: Dialect): string {
  const tasks = numbered('task', 10);
  return processOf(dialect, [...tasks.map(task), chain(['start', ...tasks, 'end'])]);
}

function services(dialect: Dialect): string {
  const tasks = numbered('service', 10);
  return processOf(dialect, [...tasks.map(dialect.serviceTask), chain(['start', ...tasks, 'end'])]);
}

function parallel(dialect: Dialect): string {
  const tasks = numbered('task', branches);
  return processOf(dialect, [
    '<bpmn:parallelGateway id="fork"/>',
    ...tasks.map(task),
    '<bpmn:parallelGateway id="join"/>',
    flow('start', 'fork'),
    ...tasks.map((id) => chain(['fork', id, 'join'])),
    flow('join', 'end'),
  ]);
}

/** Two of three branches of each diamond hold, so that a join has to tell the token that comes from the one that does not. */
function inclusive(dialect: Dialect): string {
  const body: string[] = [];
  let before = 'start';
  for (const diamond of numbered('diamond', diamonds)) {
    const [split, join] = [`${diamond}-split`, `${diamond}-join`];
    body.push(`<bpmn:inclusiveGateway id="${split}"/>`, `<bpmn:inclusiveGateway id="${join}"/>`, flow(before, split));
    for (const branch of [1, 2, 3]) {
      const id = `${diamond}-task${branch}`;
      body.push(task(id), flow(split, id, dialect.isAtLeast('n', branch)), flow(id, join));
    }
    before = join;
  }
  return processOf(dialect, [...body, flow(before, 'end')]);
}

function multiInstance(dialect: Dialect): string {
  return processOf(dialect, [dialect.forEachTask('each', 'list', 'item'), chain(['start', 'each', 'end'])]);
}

function loop(dialect: Dialect, count: number): string {
  return processOf(dialect, [
    '<bpmn:exclusiveGateway id="again"/>',
    dialect.incrementTask('count', 'n'),
    '<bpmn:exclusiveGateway id="enough" default="enough-again"/>',
    chain(['start', 'again', 'count', 'enough']),
    flow('enough', 'end', dialect.isAtLeast('n', count)),
    flow('enough', 'again'),
  ]);
}

function decision(dialect: Dialect): string {
  return processOf(dialect, [dialect.decisionTask('decide', 'aid', 'aid'), chain(['start', 'decide', 'end'])]);
}

/** One rule per village; the variables of the row meet the last. Entries that FEEL and Python read alike. */
function decisionTable(): string {
  const entries = numbered('', rules).map(
    (number) =>
      `<rule id="rule${number}"><inputEntry id="village${number}"><text>"D-${number}"</text></inputEntry><inputEntry id="family${number}"><text>&gt;= 4</text></inputEntry><outputEntry id="aid${number}"><text>${number}</text></outputEntry></rule>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="table" name="table" namespace="https://alur.example/bench">
<decision id="aid" name="aid"><decisionTable id="aidTable" hitPolicy="UNIQUE">
<input id="village" label="village"><inputExpression id="villageExpression" typeRef="string"><text>village</text></inputExpression></input>
<input id="family" label="family"><inputExpression id="familyExpression" typeRef="number"><text>family</text></inputExpression></input>
<output id="aidOutput" name="aid" typeRef="number"/>
${entries.join('\n')}
</decisionTable></decision>
</definitions>
`;
}

function waiting(dialect: Dialect): string {
  return processOf(dialect, [
    task('prepare'),
    '<bpmn:userTask id="review"/>',
    chain(['start', 'prepare', 'review', 'end']),
  ]);
}

const fixed = (
  id: string,
  title: string,
  elements: number,
  write: (dialect: Dialect) => string,
  more: Partial<Pick<Row, 'variables' | 'notes' | 'unable'>> & { readonly dmn?: string } = {},
): Row => ({
  id,
  title,
  elements: () => elements,
  files: (engine) => ({ bpmn: write(dialects[engine]), dmn: more.dmn ?? null }),
  variables: more.variables ?? {},
  notes: more.notes ?? {},
  unable: more.unable ?? {},
});

function loopRow(isFull: boolean): Row {
  const countOf = (engine: EngineName): number => (engine === 'alur' || isFull ? iterations : fewIterations);
  const cut = `${fewIterations} iterations`;
  return {
    ...fixed('loop', `loop of ${iterations} iterations`, 0, () => '', { variables: { n: 0 } }),
    elements: (engine) => countOf(engine) * 3 + 2,
    files: (engine) => ({ bpmn: loop(dialects[engine], countOf(engine)), dmn: null }),
    notes: isFull
      ? {}
      : {
          'bpmn-engine': `${cut}; its rate does not depend on them`,
          spiffworkflow: `${cut}; its time grows with their square, so its rate at ${iterations} is lower`,
        },
  };
}

/** Rows of the table of speeds, in its order. `isFull`: the peers go through all iterations of the loop. */
export const rowsOf = (isFull: boolean): readonly Row[] => [
  fixed('sequence', 'sequence of 10 tasks', 12, sequence),
  fixed('services', 'sequence of 10 service tasks', 12, services),
  fixed('parallel', `${branches} parallel branches`, branches + 4, parallel),
  fixed('inclusive', `chain of ${diamonds} inclusive diamonds`, diamonds * 4 + 2, inclusive, {
    variables: { n: 2 },
    notes: { 'bpmn-engine': 'its inclusive join does not synchronise: every token goes on alone' },
  }),
  fixed('multi-instance', `multi-instance of ${items} items`, items + 2, multiInstance, {
    variables: { list: Array.from({ length: items }, (_, index) => index) },
  }),
  loopRow(isFull),
  fixed('decision', `decision table of ${rules} rules`, 3, decision, {
    dmn: decisionTable(),
    variables: { village: `D-${rules}`, family: 4 },
    unable: { 'bpmn-engine': 'has no DMN engine' },
  }),
];

/** The process whose waiting instances are weighed. */
export const waitingRow: Row = fixed('waiting', 'instance that waits at a user task', 2, waiting, {
  variables: { name: 'Warga', income: 1_250, family: 4 },
});
