/** What the compiler makes of BPMN's own ways of saying things does in the engine what the standard says. */
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '#engine/json.ts';
import { MemoryHost } from '#engine/memory.ts';
import { compile } from '#bpmn/compile.ts';
import { ext, flow } from './model-text.ts';
import { bpmn } from './support.ts';

interface Outcome {
  readonly variables: Readonly<JsonObject>;
  /** Ids of elements completed, in order. */
  readonly completed: readonly string[];
  readonly status: string;
}

/** Runs the process to its end; a job's result is what `work` makes of the variables it sees. */
async function outcomeOf(
  process: string,
  variables: JsonObject,
  work: (seen: Readonly<JsonObject>) => JsonObject = () => ({}),
  beside = '',
): Promise<Outcome> {
  const compilation = await compile(bpmn(process, beside));
  if (!compilation.ok) throw new Error(JSON.stringify(compilation.report.entries));
  const host = new MemoryHost(0);
  host.deploy(compilation.processes);
  const created = host.createInstance({ processId: 'p', variables });
  if (!('instanceKey' in created)) throw new Error(created.message);
  for (let job = host.jobs()[0]; job !== undefined; job = host.jobs()[0])
    host.completeJob(job.key, work(job.variables));
  const facts = host.factsOf(created.instanceKey).map((recorded) => recorded.fact);
  const state = host.stateOf(created.instanceKey);
  return {
    variables: state.elements[0]?.variables ?? {},
    completed: facts.flatMap((fact) => (fact.type === 'elementCompleted' ? [fact.elementId] : [])),
    status: state.status,
  };
}

const job = (id: string, content: string, before = ''): string =>
  `<bpmn:serviceTask id="${id}">${ext('<zeebe:taskDefinition type="kerja" />')}${before}${content}</bpmn:serviceTask>`;
const start = '<bpmn:startEvent id="s" />';
const end = '<bpmn:endEvent id="e" />';
const association = (kind: 'Input' | 'Output', from: string, to: string): string =>
  `<bpmn:data${kind}Association><bpmn:sourceRef>${from}</bpmn:sourceRef><bpmn:targetRef>${to}</bpmn:targetRef></bpmn:data${kind}Association>`;

describe('BPMN’s own words run', () => {
  test('data associations copy into a task and out of it', async () => {
    const io = `<bpmn:ioSpecification><bpmn:dataInput id="in" name="masukan" /><bpmn:dataOutput id="out" name="nilai" /></bpmn:ioSpecification>${association('Input', 'family', 'in')}${association('Output', 'out', 'score')}`;
    const { variables, status } = await outcomeOf(
      `<bpmn:dataObjectReference id="family" name="keluarga" /><bpmn:dataObject id="score" name="skor" />${start}${job('x', io)}${end}${flow('s', 'x')}${flow('x', 'e')}`,
      { keluarga: 7 },
      (seen) => ({ nilai: Number(seen['masukan']) * 2 }),
    );
    expect(status).toBe('completed');
    expect(variables).toEqual({ keluarga: 7, skor: 14 });
  });

  test('multi-instance over data of the activity gathers the outputs of its instances', async () => {
    const io = `<bpmn:ioSpecification><bpmn:dataInput id="all" name="semua" /><bpmn:dataOutput id="sums" name="jumlahan" /></bpmn:ioSpecification>${association('Input', 'families', 'all')}${association('Output', 'sums', 'scores')}`;
    const loop = `<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopDataInputRef>all</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>sums</bpmn:loopDataOutputRef><bpmn:inputDataItem id="each" name="satu" /><bpmn:outputDataItem id="sum" name="nilai" /></bpmn:multiInstanceLoopCharacteristics>`;
    const { variables, status } = await outcomeOf(
      `<bpmn:dataObject id="families" name="keluarga" /><bpmn:dataObject id="scores" name="skor" />${start}${job('x', io + loop)}${end}${flow('s', 'x')}${flow('x', 'e')}`,
      { keluarga: [1, 2, 3] },
      (seen) => ({ nilai: Number(seen['satu']) + 10 }),
    );
    expect(status).toBe('completed');
    expect(variables['skor']).toEqual([11, 12, 13]);
  });

  test('a cardinality is a number of instances', async () => {
    const loop =
      '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>=jumlah</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>';
    const process = `${start}${job('x', loop)}${end}${flow('s', 'x')}${flow('x', 'e')}`;
    const { completed } = await outcomeOf(process, { jumlah: 3 });
    expect(completed.filter((id) => id === 'x').length).toBeGreaterThanOrEqual(3);
  });

  test('a standard loop repeats while its condition holds, its maximum at most', async () => {
    const loop =
      '<bpmn:standardLoopCharacteristics loopMaximum="4"><bpmn:loopCondition>=n &lt; 9</bpmn:loopCondition></bpmn:standardLoopCharacteristics>';
    const process = `${start}${job('x', loop)}${end}${flow('s', 'x')}${flow('x', 'e')}`;
    const { variables, status } = await outcomeOf(process, { n: 0 }, (seen) => ({ n: Number(seen['n']) + 1 }));
    expect(status).toBe('completed');
    expect(variables['n']).toBe(4);
  });

  test.each(['intermediateThrowEvent', 'task'])('flows that leave an %s may carry conditions', async (type) => {
    const condition = (value: string): string =>
      `<bpmn:conditionExpression>=${value}</bpmn:conditionExpression></bpmn:sequenceFlow>`;
    const to = (id: string): string => `<bpmn:sequenceFlow id="x-${id}" sourceRef="x" targetRef="${id}">`;
    const { completed } = await outcomeOf(
      `${start}<bpmn:${type} id="x" />${['a', 'b'].map((id) => `<bpmn:endEvent id="${id}" />`).join('')}${flow('s', 'x')}${to('a')}${condition('true')}${to('b')}${condition('false')}`,
      {},
    );
    expect(completed).toEqual(['s', 'x', 'a']);
  });

  test('a process asks to begin with everything that no flow reaches', async () => {
    const property = ext(
      '<zeebe:properties><zeebe:property name="alur.implicitStart" value="true" /></zeebe:properties>',
    );
    const { completed } = await outcomeOf(
      `${property}<bpmn:task id="a" /><bpmn:task id="b" />${end}${flow('a', 'e')}`,
      {},
    );
    expect([...completed].sort()).toEqual(['a', 'b', 'e']);
  });
});
