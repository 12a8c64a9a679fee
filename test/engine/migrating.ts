/** A story whose instance follows another version midway; every step still checks that the state is the fold of its facts. */
import type { ElementMapping, MigrateInstance } from '#engine/command.ts';
import type { Variables } from '#engine/json.ts';
import { step } from '#engine/step.ts';
import type { ProcessModel } from '#engine/model.ts';
import { Story } from './story.ts';

export const migrationTo = (
  target: ProcessModel,
  mapping: Readonly<Record<string, string>> = {},
  timers: MigrateInstance['timers'] = {},
): MigrateInstance => ({
  type: 'migrateInstance',
  target,
  modelSha256: 'ab',
  definitionKey: '4194304',
  version: 2,
  mapping: Object.entries(mapping).map(([source, to]): ElementMapping => ({ source, target: to })),
  timers,
});

/** Follows `next` from `migrate` on. */
export class MigratingStory extends Story {
  migrate(
    next: ProcessModel,
    mapping: Readonly<Record<string, string>> = {},
    timers: MigrateInstance['timers'] = {},
  ): string[] {
    const words = this.send(migrationTo(next, mapping, timers));
    if (!words[0]?.startsWith('rejected')) Object.assign(this, { process: next });
    this.#placed();
    return words.filter((word) => word !== 'instanceMigrated' && word !== 'elementMigrated');
  }

  /** Why it would be refused, by the codes of its problems. */
  refusal(next: ProcessModel, mapping: Readonly<Record<string, string>> = {}): string[] {
    const context = { nowMs: this.nowMs, actor: 'orang' };
    const result = step(this.process, this.state, migrationTo(next, mapping), context);
    if (result.ok) return [];
    const problems = (result.rejection.detail ?? []) as readonly {
      readonly code: string;
      readonly elementId: string;
    }[];
    return problems.map(({ code, elementId }) => `${code} ${elementId}`);
  }

  /** Completes the user task of one instance of a looping activity. */
  completeInner(elementId: string, variables: Variables = {}): string[] {
    return this.send({ type: 'completeUserTask', task: this.elementOf(elementId, 1), variables });
  }

  /** Active elements, sorted, each within its scope. */
  get standing(): string[] {
    const { elements } = this.state;
    return Object.values(elements)
      .filter(({ seq }) => seq !== 0)
      .map(({ elementId, scope }) => (scope === 0 ? elementId : `${elements[scope]?.elementId ?? '?'}/${elementId}`))
      .toSorted();
  }

  /** No orphans: everything hangs on what is there, and every element is one of the model. */
  #placed(): void {
    const { elements, jobs, timers, subscriptions, conditions, userTasks } = this.state;
    for (const { seq, elementId, scope } of Object.values(elements)) {
      if (!elements[scope]) throw new Error(`${elementId} hangs in the air`);
      if (seq !== 0 && !this.process.nodes[elementId]) throw new Error(`${elementId} is no element`);
    }
    for (const { element } of Object.values({ ...jobs, ...timers, ...subscriptions, ...conditions })) {
      if (!elements[element]) throw new Error(`something waits for nobody: ${element}`);
    }
    for (const task of Object.keys(userTasks)) if (elements[Number(task)]?.type !== 'userTask') throw new Error(task);
    for (const { children, seq } of Object.values(elements)) {
      const within = Object.values(elements).filter((other) => other.seq !== 0 && other.scope === seq).length;
      if (within !== children) throw new Error(`${seq} counts ${children} of ${within}`);
    }
  }
}
