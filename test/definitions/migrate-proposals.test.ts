/**
 * Must show 2 of issue 5: 500 running proposals in random states, loops and returned ones among them, follow a next version. What the preview
 * says is compared with what this test knows by itself; a canary goes first, then the rest; some go back; each reaches its end as told.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { compileDeployment } from '#bpmn/deployment.ts';
import { Impacts, signatureOf } from '#bpmn/migration/impact.ts';
import { certainMapping, proposeMapping } from '#bpmn/migration/mapping.ts';
import { findCases } from '#cli/case/files.ts';
import { readCase } from '#cli/case/format.ts';
import type { TestCase } from '#cli/case/format.ts';
import { MemoryEngine } from '#cli/case/memory-engine.ts';
import { runStep } from '#cli/case/steps.ts';
import { applyAll, initialState } from '#engine/apply.ts';
import type { ElementMapping, MigrateInstance } from '#engine/command.ts';
import type { InstanceState } from '#engine/instance.ts';
import { reversalOf } from '#engine/migration/revert.ts';
import type { ProcessModel } from '#engine/model.ts';
import { Chance, seedOf } from '../engine/seeded.ts';
import { compile, folder, read } from './dtks.ts';
import { followsAs, loopingVersion, newScope, newTask, nextVersion, renamed } from './next-version.ts';

const cases = Number(process.env['ALUR_CASES'] ?? 500);
const canary = 20;
const definition = 'usulan-dtks.bpmn';
const readModel = (path: string) => ({ name: path, content: read(path) });
const mapping: ElementMapping[] = Object.entries(renamed).map(([source, target]) => ({ source, target }));

async function modelOf(edit: (xml: string) => string, story: TestCase): Promise<ProcessModel> {
  const files = [story.model].flat().map((path) => readModel(path));
  const edited = files.map((file) => (file.name === definition ? { ...file, content: edit(file.content) } : file));
  const deployment = await compileDeployment(edited, { decisions: {}, formIds: new Set() } as never);
  if (!deployment.ok) throw new Error(JSON.stringify(deployment.report, null, 1).slice(0, 3_000));
  const found = deployment.processes.find(({ model }) => model.processId === 'usulan-dtks');
  if (!found) throw new Error('no proposal');
  return found.model;
}

/** One proposal on its way through a story. */
class Proposal {
  readonly engine = new MemoryEngine(compile);
  readonly story: TestCase;
  #at = 0;
  #renamed = false;

  constructor(story: TestCase) {
    this.story = story;
  }

  async begin(): Promise<void> {
    const { model, processId, variables = {} } = this.story;
    await this.engine.deploy([model].flat().map(readModel));
    await this.engine.createInstance(processId ?? '', variables);
  }
  get key(): string {
    return this.engine.host.instanceKeys()[0] ?? '';
  }
  get state(): InstanceState {
    return this.engine.host.stateOf(this.key);
  }
  /** Steps until one is left, or the proposal has ended. */
  async walk(most: number): Promise<void> {
    for (let step = 0; step < most && this.#at < this.story.steps.length; step++) {
      const before = this.#at;
      await this.#step();
      if (this.state.status !== 'active' || before === this.#at) return;
    }
  }
  async finish(): Promise<void> {
    while (this.#at < this.story.steps.length) await this.#step();
    this.#fillIn();
  }
  async #step(): Promise<void> {
    const step = this.story.steps[this.#at];
    this.#at += 1;
    if (!step || step.type === 'expect') return;
    this.#fillIn();
    const id = 'elementId' in step ? (step.elementId ?? '') : '';
    const here =
      this.#renamed && Object.hasOwn(renamed, id) ? { ...step, elementId: renamed[id as keyof typeof renamed] } : step;
    const problems = await runStep(here, { engine: this.engine, readModel });
    if (problems.length > 0)
      throw new Error(`${this.story.id} step ${this.#at} ${step.type} ${id}: ${problems.join('; ')}`);
    this.#fillIn();
  }
  /** What the story does not know of is done at once. */
  #fillIn(): void {
    for (const { key, elementId } of this.engine.host.userTasks()) {
      if (elementId === newTask) this.engine.host.completeUserTask(key, {}, 'person.nota');
    }
  }

  migrate(target: ProcessModel, pairs: readonly ElementMapping[], version: number): string | null {
    const command: MigrateInstance = {
      type: 'migrateInstance',
      target,
      modelSha256: `${version}`,
      definitionKey: `${version}`,
      version,
      mapping: pairs,
      timers: {},
    };
    const rejection = this.engine.host.send(this.key, command, 'ani', 'versi baru');
    if (rejection === null) this.#renamed = version !== 1;
    return rejection?.message ?? null;
  }
  revert(target: ProcessModel): string | null {
    const facts = this.engine.host.factsOf(this.key).map(({ fact }) => fact);
    const last = facts.findLastIndex(({ type }) => type === 'instanceMigrated');
    const reversal = reversalOf(applyAll(initialState(), facts.slice(0, last)), facts.slice(last), []);
    return reversal.possible ? this.migrate(target, reversal.mapping, reversal.version) : reversal.reason;
  }
}

/** Active elements with what is around them. */
const standing = ({ elements }: InstanceState): string[] =>
  Object.values(elements)
    .map(({ elementId, scope }) => `${elements[scope]?.elementId ?? ''}/${elementId}`)
    .toSorted();

describe(`${cases} running proposals follow the next version`, () => {
  const seed = seedOf('proposals');
  const proposals: Proposal[] = [];
  let [first, next, looping] = [] as unknown as [ProcessModel, ProcessModel, ProcessModel];
  const ends = new Map<string, unknown>();
  const isActive = ({ state }: Proposal, id: string): boolean =>
    Object.values(state.elements).some(({ elementId }) => elementId === id);

  const active = ({ state }: Proposal): ReadonlySet<string> =>
    new Set(Object.values(state.elements).map(({ elementId }) => elementId));
  const isBeside = (proposal: Proposal): boolean => followsAs(active(proposal), true) === 'blocked';

  beforeAll(async () => {
    const files = await findCases([folder]);
    const all = files.map((file) => readCase(read(file.slice(folder.length + 1))));
    // of one proposal each: the steps of another beside it would be taken for its own
    const stories = all.filter(
      ({ processId, expect: wanted, steps }) =>
        processId === 'usulan-dtks' &&
        wanted.deployment !== 'rejected' &&
        !steps.some((step) => step.type === 'createInstance' && step.processId === processId),
    );
    const [story] = stories;
    if (!story) throw new Error('no stories');
    [first, next, looping] = [
      await modelOf((xml) => xml, story),
      await modelOf(nextVersion, story),
      await modelOf(loopingVersion, story),
    ];
    for (const told of stories) {
      const plain = new Proposal(told);
      await plain.begin();
      await plain.finish();
      ends.set(told.id, [plain.state.status, plain.state.endElements, plain.state.elements[0]?.variables['akhir']]);
    }
    const chance = new Chance(seed);
    while (proposals.length < cases) {
      const proposal = new Proposal(chance.of(stories));
      await proposal.begin();
      await proposal.walk(chance.below(proposal.story.steps.length));
      if (proposal.state.status === 'active') proposals.push(proposal);
    }
  }, 300_000);

  test('the states are many, and those that matter are among them', () => {
    const signatures = new Set(proposals.map(({ state }) => signatureOf(state.elements)));
    expect(signatures.size).toBeGreaterThan(25);
    for (const id of ['berkas-ba', 'proses-disdukcapil']) {
      expect(proposals.some((proposal) => isActive(proposal, id))).toBe(true);
    }
  });

  test('the mapping is found by name', () => {
    expect(certainMapping(proposeMapping(first, next)).filter(({ source }) => source in renamed)).toEqual(mapping);
  });

  test('the preview says of each what comes of it', () => {
    const wrong: string[] = [];
    const compare = (impacts: Impacts, oracle: (proposal: Proposal) => string): void => {
      for (const proposal of proposals) {
        const said = impacts.of(proposal.state.elements).class;
        const known = oracle(proposal);
        if (said !== known)
          wrong.push(`${proposal.story.id}: ${said}, not ${known}; ${standing(proposal.state).join(' ')}`);
      }
    };
    compare(new Impacts(first, next, []), (proposal) => followsAs(active(proposal), false));
    compare(new Impacts(first, next, mapping), (proposal) => followsAs(active(proposal), true));
    compare(new Impacts(first, looping, mapping), (proposal) =>
      isActive(proposal, 'proses-disdukcapil') || isBeside(proposal) ? 'blocked' : 'safe',
    );
    expect(wrong).toEqual([]);
  });

  test('canary, rest, revert; every proposal reaches its end', async () => {
    const before = proposals.map(({ state }) => standing(state));
    const stays = proposals.map(isBeside);
    const migrate = (from: number, to: number): boolean[] =>
      proposals.slice(from, to).map((proposal) => proposal.migrate(next, mapping, 2) !== null);
    expect(migrate(0, canary)).toEqual(stays.slice(0, canary));
    const watched = proposals.slice(0, canary).filter(({ state }) => Object.keys(state.incidents).length > 0);
    expect(watched).toEqual([]);
    expect(migrate(canary, cases)).toEqual(stays.slice(canary));
    for (const [index, proposal] of proposals.entries()) {
      if (stays[index]) continue;
      expect(isActive(proposal, newScope)).toBe(isActive(proposal, 'proses-disdukcapil'));
      expect(isActive(proposal, 'berkas-ba')).toBe(false);
    }
    const goesBack = (index: number): boolean => index % 2 === 0 && stays[index] !== true;
    const back = proposals.map((proposal, index) => (goesBack(index) ? proposal.revert(first) : null));
    expect(back.filter((refusal) => refusal !== null)).toEqual([]);
    for (const [index, { state }] of proposals.entries()) {
      const isFirst = goesBack(index) || stays[index] === true;
      expect(state.version).toBe(isFirst ? 1 : 2);
      if (isFirst) expect(standing(state)).toEqual(before[index]);
    }
    const wrong: string[] = [];
    for (const proposal of proposals) {
      try {
        await proposal.finish();
      } catch (error) {
        wrong.push(String(error));
      }
      const { status, endElements, elements } = proposal.state;
      const end = JSON.stringify([status, endElements, elements[0]?.variables['akhir']]);
      const wanted = JSON.stringify(ends.get(proposal.story.id));
      if (end !== wanted) wrong.push(`${proposal.story.id}: ${end}, not ${wanted}`);
    }
    expect(wrong).toEqual([]);
  }, 300_000);
});
