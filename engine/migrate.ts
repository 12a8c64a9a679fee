/**
 * An instance follows another version of its definition: every element instance and every waiting token has its place there, or nothing
 * changes and each that has none is named. Work that is the same goes on; work of another kind is withdrawn and begins anew; what has
 * moved into a sub-process gets an instance of it around it.
 */
import type { MigrateInstance, Rejection } from './command.ts';
import type { InstanceState } from './instance.ts';
import type { Asked, CommandOf, Handler } from './handler.ts';
import { reject } from './handler.ts';
import type { JsonObject } from './json.ts';
import { carryOut } from './migration/carry-out.ts';
import { enteredScopes, planMigration } from './migration/plan.ts';
import type { MigrationProblem, MigrationProblemCode } from './migration/plan.ts';
import { whyClosed } from './placing.ts';
import { startElementsOf } from './start.ts';

/** What is wrong and what to do, for each problem. `{element}`, `{target}`: ids. */
const texts: { readonly [C in MigrationProblemCode]: string } = {
  processDiffers: "Process '{element}' cannot become '{target}': only versions of the same process follow one another.",
  targetUnknown: "The new version has no element '{target}'. Map '{element}' to one it has.",
  elementMissing:
    "'{element}' is active and the new version has no such element. Map it to an element of the new version.",
  tokenMissing:
    "A token waits on flow '{element}' and has no place in the new version. Map the flow to one of the new version.",
  typeDiffers:
    "'{element}' is active and '{target}' is another kind of scope. Map what is active in it to elements elsewhere.",
  loopDiffers: "'{element}' is active and '{target}' loops in another way. Let it end, or modify the instance first.",
  notEnterable: "'{element}' cannot become '{target}': no token can be put there. Map it to another element.",
  loopNotLeavable:
    "'{element}' would leave the loop that waits for it. Let it end, or map it to an element within that loop.",
  scopeNotEnterable:
    "'{element}' would be in '{target}', which cannot begin in its middle. Map it to an element outside.",
  scopeAmbiguous:
    "'{element}' would be in '{target}', of which several instances are active. Map it to an element outside.",
  compensating: "'{element}' takes part in undoing something and cannot be moved. Let it end, or leave it where it is.",
};

export function messageOf({ code, elementId, target }: MigrationProblem): string {
  return texts[code].replaceAll('{element}', elementId).replaceAll('{target}', target ?? '');
}

function refuse({ process, draft, actor }: Asked, command: MigrateInstance): Rejection | null {
  const { target, mapping, timers } = command;
  const models = { source: process, target, mapping };
  const plan = planMigration(models, draft.state.elements);
  const problems = [...plan.problems, ...choicesMissing(draft.state, command)];
  if (problems.length > 0) {
    const detail = problems.map((problem): JsonObject => ({ ...problem, message: messageOf(problem) }));
    return { ...reject('invalidMigration', problems.map(messageOf).join(' ')), detail };
  }
  for (const scope of enteredScopes(plan, draft.state.elements)) {
    const closed = whyClosed({ process, draft, actor }, scope);
    if (closed !== null) return reject('invalidMigration', closed);
  }
  const isDate = Object.values(timers).every((timer) => typeof timer !== 'object' || Number.isSafeInteger(timer.dueMs));
  return isDate ? null : reject('invalidMigration', 'The due time of a timer is a whole number of ms.');
}

/** What is to begin later by its id: elements chosen in an ad-hoc sub-process, the start of an instance whose listeners are asked. */
function choicesMissing({ elements, held }: InstanceState, { target, mapping }: MigrateInstance): MigrationProblem[] {
  const idOf = (id: string): string => mapping.find(({ source }) => source === id)?.target ?? id;
  const missing: MigrationProblem[] = [];
  for (const { seq, detail } of Object.values(elements)) {
    for (const { elementId } of detail?.adHoc?.chosen ?? []) {
      if (Object.hasOwn(target.nodes, idOf(elementId))) continue;
      missing.push({ code: 'elementMissing', element: seq, elementId, target: null });
    }
  }
  const start = held?.startElement ?? null;
  if (held && startElementsOf(target, start === null ? null : idOf(start)).length === 0) {
    missing.push({ code: 'elementMissing', element: 0, elementId: start ?? '', target: null });
  }
  return missing;
}

const standing = ({ elements }: InstanceState): JsonObject =>
  Object.fromEntries(Object.values(elements).map(({ seq, elementId }) => [seq, elementId]));

export const migrateInstance: Handler<CommandOf<'migrateInstance'>> = {
  refuse,
  begin: (run, command) => {
    const models = { source: run.process, target: command.target, mapping: command.mapping };
    carryOut(run, command, planMigration(models, run.draft.state.elements));
  },
  change: ({ draft: { state } }, { definitionKey, version, mapping, timers }) => ({
    before: { definitionKey: state.definitionKey, version: state.version, elements: standing(state) },
    after: { definitionKey, version, mapping: mapping.map((pair) => ({ ...pair })), timers },
  }),
};
