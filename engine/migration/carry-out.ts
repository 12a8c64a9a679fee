/** The facts of a migration, from its plan. Until `follow` the run is by the source, afterwards by the target. */
import { tokensOn } from '../apply.ts';
import type { MigrateInstance, Seq } from '../command.ts';
import { attachedTo } from '../draft.ts';
import { evaluateMappings } from '../expression.ts';
import { activateNode, isJoin, join } from '../flow.ts';
import { hasDependentJoin } from '../joins.ts';
import { cancelJobs } from '../job.ts';
import { createInner } from '../loop.ts';
import type { ElementId, FlowId, FlowNode } from '../model.ts';
import { elementIn, emit, lookupIn, nodeOf, raise, schedule, setLocal } from '../run.ts';
import type { Run } from '../run.ts';
import { keepOpen } from '../placing.ts';
import { terminate } from '../terminate.ts';
import { closeCatches, closeIncidents } from '../withdraw.ts';
import { awaitedBy } from './awaited.ts';
import type { Awaited } from './awaited.ts';
import { Images } from './images.ts';
import { enteredScopes, outerFirst } from './plan.ts';
import type { Models, NewScope, Plan, PlannedElement, ScopeRef } from './plan.ts';
import { isStarted } from './started.ts';
import { changeTask } from './tasks.ts';
import { flowFor } from './tokens.ts';
import { recordsIn } from './undo.ts';
import { awaitedOf, begin, migrateOccurred, migrateWaits } from './waits.ts';

interface Migration {
  readonly run: Run;
  readonly command: MigrateInstance;
  readonly models: Models;
  readonly plan: Plan;
  readonly images: Images;
  /** By the source: what each element instance that stays waited for. */
  readonly awaited: ReadonlyMap<Seq, readonly Awaited[]>;
  readonly created: Map<NewScope, Seq>;
  /** Complex gateways that wait for their reset, by the source. */
  readonly phases: { readonly scope: Seq; readonly elementId: ElementId; readonly received: readonly FlowId[] }[];
}

export function carryOut(run: Run, command: MigrateInstance, plan: Plan): void {
  const models = { source: run.process, target: command.target, mapping: command.mapping };
  const images = new Images(models);
  const { definitionKey, version, modelSha256 } = command;
  const { definitionKey: fromDefinitionKey, version: fromVersion } = run.draft.state;
  const undo = recordsIn(run.draft.state, models, images);
  const renamed = images.renamed();
  const to = { definitionKey, version, modelSha256 };
  emit(run, { type: 'instanceMigrated', ...to, fromDefinitionKey, fromVersion, renamed, undo });
  const awaited = awaitedNow(run, plan);
  const migration = { run, command, models, plan, images, awaited, created: new Map(), phases: [] };
  const entered = enteredScopes(plan, run.draft.state.elements);
  withdraw(migration);
  follow(migration);
  createScopes(migration);
  moveElements(migration);
  moveTokens(migration);
  for (const scope of entered) keepOpen(run, scope);
  leaveScopes(migration);
  catchUp(migration);
}

/** What began and has no counterpart ends; tokens are taken up. */
function withdraw({ run, plan, phases }: Migration): void {
  for (const { seq, how } of plan.elements) {
    if (how === 'anew') terminate(run, seq);
    else if (how === 'inPlace') endWork(run, seq);
  }
  for (const { seq, waitingTokens, detail } of outerFirst(run.draft.state.elements)) {
    const flows = { ...waitingTokens };
    if (Object.keys(flows).length > 0) emit(run, { type: 'tokensConsumed', scope: seq, flows });
    for (const [elementId, received] of Object.entries(detail?.received ?? {})) {
      phases.push({ scope: seq, elementId, received });
      emit(run, { type: 'gatewayPhaseChanged', scope: seq, elementId, received: null });
    }
  }
}

/** What an instance of a looping activity has begun: another element takes its place there. */
function endWork(run: Run, seq: Seq): void {
  const element = elementIn(run, seq);
  const node = nodeOf(run, element.elementId);
  cancelJobs(run, seq);
  run.behaviors[node.type].terminate(run, { node: node as never, element, lookup: lookupIn(run, seq) });
  closeCatches(run, seq);
  closeIncidents(run, seq);
  forgetMoves(run, seq);
}

function forgetMoves(run: Run, seq: Seq): void {
  const others = run.agenda.filter(({ element }) => element !== seq);
  run.agenda.splice(0, run.agenda.length, ...others);
}

function follow({ run, command, images }: Migration): void {
  run.process = command.target;
  run.touched = hasDependentJoin(command.target) ? new Set() : null;
  for (const counts of run.visits.values()) {
    const renamed = [...counts].map(([id, count]) => [images.id(id) ?? id, count] as const);
    counts.clear();
    for (const [id, count] of renamed) counts.set(id, count);
  }
}

const seqOf = ({ created }: Migration, scope: ScopeRef): Seq =>
  typeof scope === 'number' ? scope : (created.get(scope) ?? 0);

/** A new scope has its input mappings and its waits; its start and its listeners are behind what has moved into it. */
function createScopes(migration: Migration): void {
  const { run, plan, created } = migration;
  for (const scope of plan.created) {
    const node = nodeOf(run, scope.elementId);
    const seq = activateNode(run, node, seqOf(migration, scope.within));
    created.set(scope, seq);
    const inputs = evaluateMappings(node.inputs, { lookup: lookupIn(run, seq), nowMs: run.nowMs }, false);
    if (inputs.ok) setLocal(run, seq, inputs.value);
    else raise(run, seq, 'acknowledge', inputs.failure);
    for (const awaited of awaitedBy(run.process, elementIn(run, seq), false)) begin(run, seq, awaited);
  }
}

function moveElements(migration: Migration): void {
  const { run, models, plan } = migration;
  const { processId: elementId, name } = models.target;
  emit(run, { type: 'elementMigrated', element: 0, elementId, elementType: 'process', name, scope: 0 });
  for (const planned of plan.elements) {
    const node = nodeOf(run, planned.elementId);
    if (planned.how === 'anew') schedule(run, activateNode(run, node, seqOf(migration, planned.scope)), 'activate');
    else moveElement(migration, planned, node);
  }
  const stays = new Set([0, ...plan.elements.filter(({ how }) => how === 'kept').map(({ seq }) => seq)]);
  for (const { seq } of outerFirst(run.draft.state.elements)) if (stays.has(seq)) moveWaits(migration, seq);
}

function moveElement(migration: Migration, planned: PlannedElement, node: FlowNode): void {
  const { run } = migration;
  const { seq: element, elementId, type: elementType, how } = planned;
  const { name } = node;
  const before = elementIn(run, element);
  const form = node.type === 'userTask' && elementType === 'userTask' ? { formId: node.task.formId } : undefined;
  const scope = seqOf(migration, planned.scope);
  emit(run, { type: 'elementMigrated', element, elementId, elementType, name, scope, ...form });
  for (const job of attachedTo(run.draft, element, 'jobs')) {
    emit(run, { type: 'waitMigrated', kind: 'jobs', wait: job, element, elementId, part: 0 });
  }
  for (const incident of attachedTo(run.draft, element, 'incidents')) {
    emit(run, { type: 'waitMigrated', kind: 'incidents', wait: incident, element, elementId, part: 0 });
  }
  if (how === 'inPlace') schedule(run, element, 'activate');
  else changeTask(run, migration.models.source.nodes[before.elementId], element, node);
}

/** Waits of every element instance, by the source. */
function awaitedNow(run: Run, { elements }: Plan): ReadonlyMap<Seq, readonly Awaited[]> {
  const kept = [0, ...elements.filter(({ how }) => how === 'kept').map(({ seq }) => seq)];
  return new Map(kept.map((seq) => [seq, awaitedOf(run, seq)]));
}

function moveWaits({ run, command, images, awaited }: Migration, seq: Seq): void {
  const element = elementIn(run, seq);
  migrateOccurred(run, element, (id) => images.id(id));
  const before = (awaited.get(seq) ?? []).map((wait) => ({ ...wait, image: images.id(wait.elementId) }));
  // one that has not begun has no waits yet: they begin with it
  const after = isStarted(run.draft.state, run.agenda, element) ? awaitedOf(run, seq) : [];
  migrateWaits(run, { owner: seq, before, after }, command.timers);
}

function moveTokens(migration: Migration): void {
  const { run, plan, phases, models, images } = migration;
  for (const { count, scope, to } of plan.tokens) {
    const seq = seqOf(migration, scope);
    for (let token = 0; token < count; token++) {
      if (to.type === 'waits') emit(run, { type: 'sequenceFlowTaken', flowId: to.flow, scope: seq, waits: true });
      else schedule(run, activateNode(run, nodeOf(run, to.elementId), seq), 'activate');
    }
  }
  for (const { scope, elementId: before, received: flows } of phases) {
    const gateway = images.node(before);
    if (gateway?.type !== 'complexGateway') continue;
    const placed = flows.map((flow) => flowFor(models, images, flow));
    const received = placed.flatMap((to) => (to?.type === 'waits' ? [to.flow] : []));
    emit(run, { type: 'gatewayPhaseChanged', scope, elementId: gateway.id, received });
  }
}

/** Scopes that nothing is left in end; what only they knew goes along with what has moved. */
function leaveScopes({ run, plan }: Migration): void {
  for (const seq of plan.emptied) {
    const { elementId, type: elementType, scope, variables } = elementIn(run, seq);
    const outside = lookupIn(run, scope);
    const hidden = Object.entries(variables).filter(([name]) => outside(name) === undefined);
    setLocal(run, scope, Object.fromEntries(hidden));
    cancelJobs(run, seq);
    closeCatches(run, seq);
    closeIncidents(run, seq);
    emit(run, { type: 'elementTerminated', element: seq, elementId, elementType });
  }
}

/** What the target would have done already: instances of what has become parallel, joins whose tokens are all there. */
function catchUp({ run, plan }: Migration): void {
  for (const { seq, type, how } of plan.elements) {
    const element = run.draft.state.elements[seq];
    if (type !== 'multiInstanceBody' || how !== 'kept' || !element?.loop || element.children === 0) continue;
    const node = nodeOf(run, element.elementId);
    if (!('multiInstance' in node) || node.multiInstance?.sequential !== false) continue;
    const { created, count } = element.loop;
    for (let counter = created + 1; counter <= (count ?? 0); counter++) createInner(run, seq, node, counter);
  }
  for (const { seq } of outerFirst(run.draft.state.elements)) {
    run.touched?.add(seq);
    joinAll(run, seq);
  }
}

/** Parallel joins are looked at when a token comes; the others when all else rests. */
function joinAll(run: Run, scope: Seq): void {
  const gateways = new Set<ElementId>();
  for (const flow of Object.keys(elementIn(run, scope).waitingTokens)) {
    const target = run.process.flows[flow]?.target;
    if (target !== undefined) gateways.add(target);
  }
  for (const id of gateways) {
    const gateway = nodeOf(run, id);
    if (!isJoin(gateway) || gateway.type !== 'parallelGateway') continue;
    while (gateway.incoming.every((flow) => tokensOn(elementIn(run, scope), flow) > 0)) {
      join(run, gateway, scope, gateway.incoming);
    }
  }
}
