/** What is lost, doubled or stuck, judged from the evidence alone. Whatever cannot be explained is a finding. */
import type { Json } from '#engine/json.ts';
import { workflowIdOf } from '#workflows/messages.ts';
import type { CommandKind, Expectation, LedgerEntry } from '../load/ledger.ts';
import { appliedKey } from './evidence.ts';
import type { Evidence, InstanceSeen } from './evidence.ts';

export interface Finding {
  readonly kind: 'lost' | 'doubled' | 'stuck';
  /** The case; null: none is known. */
  readonly ref: string | null;
  readonly what: string;
}
type Entry<T extends LedgerEntry['type']> = Extract<LedgerEntry, { readonly type: T }>;

export const findingsOf = (evidence: Evidence): Finding[] => [
  ...commandFindings(evidence),
  ...caseFindings(evidence),
  ...storeFindings(evidence),
];

const entriesOf = <T extends LedgerEntry['type']>({ ledger }: Evidence, type: T): Entry<T>[] =>
  ledger.filter((entry): entry is Entry<T> => entry.type === type);

/** Kinds whose effect is one fact of the instance. */
const inFacts: readonly CommandKind[] = ['task', 'assign', 'job', 'jobFailure', 'cancel'];

function commandFindings(evidence: Evidence): Finding[] {
  const instances = new Set(evidence.instances.map(({ key }) => key));
  const findings: Finding[] = [];
  for (const { key, ref, kind, instanceKey } of entriesOf(evidence, 'acked')) {
    if (instanceKey !== null && !instances.has(instanceKey))
      findings.push({ kind: 'lost', ref, what: `${key}: instance ${instanceKey} is not there` });
    else if (inFacts.includes(kind) && !evidence.applied.has(appliedKey(kind, key)))
      findings.push({ kind: 'lost', ref, what: `${key} was acknowledged and has no fact` });
  }
  for (const [key, count] of evidence.applied) {
    if (count > 1) findings.push({ kind: 'doubled', ref: null, what: `${key} took effect ${String(count)} times` });
  }
  return findings;
}

function caseFindings(evidence: Evidence): Finding[] {
  const roots = new Map<string, InstanceSeen[]>();
  for (const instance of evidence.instances) {
    if (instance.parentKey !== null || instance.ref === null) continue;
    roots.set(instance.ref, [...(roots.get(instance.ref) ?? []), instance]);
  }
  const effects = new Map<string, number>();
  for (const { ref, element } of evidence.effects) {
    const place = `${ref} ${element}`;
    effects.set(place, (effects.get(place) ?? 0) + 1);
  }
  const started = new Set(entriesOf(evidence, 'acked').flatMap(({ kind, ref }) => (kind === 'start' ? [ref] : [])));
  return entriesOf(evidence, 'case').flatMap(({ ref, expects }): Finding[] => {
    const [root, ...more] = roots.get(ref) ?? [];
    // A start that was never acknowledged may have come to nothing.
    if (root === undefined) return started.has(ref) ? [{ kind: 'lost', ref, what: 'the case is not there' }] : [];
    const twice: Finding[] =
      more.length > 0 ? [{ kind: 'doubled', ref, what: `${String(more.length + 1)} instances` }] : [];
    if (root.state === 'ACTIVE') {
      const waits = root.waits.length === 0 ? 'nothing' : root.waits.join(', ');
      return [...twice, { kind: 'stuck', ref, what: `${root.processId} ${root.key} waits for ${waits}` }];
    }
    return [...twice, ...endFindings(ref, root, expects, effects)];
  });
}

function endFindings(
  ref: string,
  root: InstanceSeen,
  expects: Expectation,
  effects: ReadonlyMap<string, number>,
): Finding[] {
  const findings: Finding[] = [];
  const compare = (what: string, found: number, wanted: number): void => {
    if (found === wanted) return;
    const kind = found < wanted ? 'lost' : 'doubled';
    findings.push({ kind, ref, what: `${what}: ${String(found)} instead of ${String(wanted)}` });
  };
  const end = expects.isCanceled === true ? 'TERMINATED' : 'COMPLETED';
  if (root.state !== end) findings.push({ kind: 'lost', ref, what: `ended ${root.state} instead of ${end}` });
  for (const [element, wanted] of Object.entries(expects.effects ?? {}))
    compare(`effect ${element}`, effects.get(`${ref} ${element}`) ?? 0, wanted);
  if (expects.messages !== undefined) compare('messages', root.messagesCorrelated, expects.messages);
  if (expects.tasks !== undefined) compare('tasks completed', root.tasksCompleted, expects.tasks);
  for (const [name, wanted] of Object.entries(expects.variables ?? {})) {
    const found = root.variables[name] ?? null;
    const kind = differenceOf(found, wanted);
    if (kind !== null)
      findings.push({ kind, ref, what: `${name} is ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}` });
  }
  return findings;
}

/** How a final value differs; lists are bags: nothing may miss, nothing may be there twice. */
function differenceOf(found: Json, wanted: Json): 'lost' | 'doubled' | null {
  if (Array.isArray(found) && Array.isArray(wanted)) {
    const left = found.map((value) => JSON.stringify(value));
    for (const value of wanted) {
      const at = left.indexOf(JSON.stringify(value));
      if (at < 0) return 'lost';
      left.splice(at, 1);
    }
    return left.length > 0 ? 'doubled' : null;
  }
  if (typeof found === 'number' && typeof wanted === 'number' && found > wanted) return 'doubled';
  return JSON.stringify(found) === JSON.stringify(wanted) ? null : 'lost';
}

/** The read model, Temporal and the facts must tell the same. */
function storeFindings({ instances, workflows, differences }: Evidence): Finding[] {
  const findings: Finding[] = differences.map(({ key, difference }) => ({
    kind: difference.startsWith('cannot be asked') ? 'stuck' : 'lost',
    ref: key,
    what: difference,
  }));
  const known = new Set<string>();
  for (const { key, ref, processId, state } of instances) {
    const workflowId = workflowIdOf(processId, key);
    known.add(workflowId);
    const status = workflows.get(workflowId);
    if (status === undefined) findings.push({ kind: 'lost', ref, what: `Temporal does not know ${workflowId}` });
    else if ((status === 'RUNNING') !== (state === 'ACTIVE'))
      findings.push({
        kind: 'stuck',
        ref,
        what: `${workflowId} is ${status} in Temporal and ${state} in the read model`,
      });
    else if (status !== 'RUNNING' && status !== 'COMPLETED')
      findings.push({ kind: 'lost', ref, what: `${workflowId} ended ${status} in Temporal` });
  }
  for (const [workflowId, status] of workflows) {
    if (workflowId.startsWith('chaos-') && !known.has(workflowId))
      findings.push({ kind: 'lost', ref: null, what: `${workflowId} (${status}) is not in the read model` });
  }
  return findings;
}
