/** One test case from deployment to its end. */
import { text } from '../texts.ts';
import { compareInstance } from './compare.ts';
import type { CaseEngine, CaseInstance } from './engine.ts';
import type { TestCase } from './format.ts';
import { expectsInstance, runStep } from './steps.ts';
import type { Stage } from './steps.ts';

/** What was wrong, empty: the case passed. Throws what the engine throws where a case does not expect a refusal. */
export async function runCase(
  testCase: TestCase,
  engine: CaseEngine,
  readModel: Stage['readModel'],
): Promise<readonly string[]> {
  const { model, processId, variables = {}, steps, expect } = testCase;
  const files = [model].flat().map(readModel);
  if (expect.deployment === 'rejected') {
    const accepted = await engine.deploy(files).then(
      () => true,
      () => false,
    );
    return accepted ? [text('caseAccepted')] : [];
  }
  await engine.deploy(files);
  if (processId !== null) await engine.createInstance(processId, variables);
  for (const [index, step] of steps.entries()) {
    const problems = await insist(engine, step.type !== 'publishMessage', () => runStep(step, { engine, readModel }));
    if (problems.length > 0) {
      return problems.map((problem) => text('caseStep', { number: index + 1, type: step.type, problem }));
    }
  }
  return insist(engine, true, async () => compareEnd(await engine.instances(), expect));
}

/** Looks when the engine has come to rest; with `repeats` again while that shows problems and the engine asks for patience. */
async function insist(engine: CaseEngine, repeats: boolean, look: () => Promise<string[]>): Promise<string[]> {
  let deadline: number | null = null;
  for (;;) {
    await engine.idle();
    const problems = await look();
    // from the first look's end: on a busy machine it takes long itself
    deadline ??= Date.now() + engine.patienceMs;
    if (problems.length === 0 || !repeats || Date.now() >= deadline) return problems;
  }
}

function compareEnd(
  [first, ...others]: readonly CaseInstance[],
  { otherInstances = [], ...expected }: TestCase['expect'],
): string[] {
  if (!first) return expectsInstance(expected) ? [text('caseNoInstance')] : [];
  const ignored = new Set(expected.ignoreElementIds);
  const problems = compareInstance(first, expected, ignored);
  if (others.length !== otherInstances.length) {
    const is = others.map(({ processId }) => processId).join(' ') || '-';
    return [...problems, text('caseDiffers', { what: 'otherInstances', is, wanted: otherInstances.length })];
  }
  for (const [index, other] of others.entries()) {
    const wanted = otherInstances[index] ?? {};
    const told = compareInstance(other, wanted, new Set([...ignored, ...(wanted.ignoreElementIds ?? [])]));
    problems.push(...told.map((problem) => `${other.processId} (${String(index + 2)}): ${problem}`));
  }
  return problems;
}
