/** A proposal which element of a new version each element of the old one has become; for a person to look at and to change. */
import type { ElementId, FlowNode, ProcessModel } from '#engine/model.ts';

export interface ProposedMapping {
  readonly source: ElementId;
  /** null: nothing in the new version resembles it. */
  readonly target: ElementId | null;
  /** 0 to 1; from `certain` on it is taken as it is, below it is a suggestion. */
  readonly confidence: number;
  /** What speaks for it. */
  readonly by: 'id' | 'name' | 'work' | 'place' | null;
}

/** From this confidence on a pair needs nobody to look at it. */
export const certain = 0.9;

/** One row for each element of the source, in the order of the model. */
export function proposeMapping(source: ProcessModel, target: ProcessModel): readonly ProposedMapping[] {
  const taken = new Set(Object.keys(source.nodes).filter((id) => Object.hasOwn(target.nodes, id)));
  const fresh = Object.values(target.nodes).filter(({ id }) => !taken.has(id));
  const rows: ProposedMapping[] = [];
  for (const node of Object.values(source.nodes)) {
    if (taken.has(node.id)) {
      rows.push({ source: node.id, target: node.id, confidence: 1, by: 'id' });
      continue;
    }
    const best = bestOf(
      source,
      target,
      node,
      fresh.filter(({ id }) => !taken.has(id)),
    );
    if (best.target !== null) taken.add(best.target);
    rows.push(best);
  }
  return rows;
}

/** The pairs of a proposal that are certain, without those of equal ids: what a migration needs to be told. */
export const certainMapping = (rows: readonly ProposedMapping[]) =>
  rows.flatMap(({ source, target, confidence }) =>
    target === null || target === source || confidence < certain ? [] : [{ source, target }],
  );

function bestOf(
  source: ProcessModel,
  target: ProcessModel,
  node: FlowNode,
  candidates: readonly FlowNode[],
): ProposedMapping {
  let best: ProposedMapping = { source: node.id, target: null, confidence: 0, by: null };
  for (const candidate of candidates) {
    const found = likeness(source, target, node, candidate);
    if (found.confidence > best.confidence) best = { source: node.id, target: candidate.id, ...found };
  }
  return best;
}

type Likeness = Pick<ProposedMapping, 'confidence' | 'by'>;

function likeness(source: ProcessModel, target: ProcessModel, node: FlowNode, candidate: FlowNode): Likeness {
  const isSameType = node.type === candidate.type;
  const isSameName = node.name !== null && node.name === candidate.name;
  const isSameScope = node.parent === candidate.parent;
  if (isSameType && isSameName) return { confidence: isSameScope ? 0.95 : certain, by: 'name' };
  const work = workOf(node);
  if (isSameType && work !== null && work === workOf(candidate))
    return { confidence: isSameScope ? 0.8 : 0.75, by: 'work' };
  if (isSameName) return { confidence: 0.7, by: 'name' };
  const isSamePlace = sameEnds(source, target, node, candidate);
  return isSameType && isSamePlace ? { confidence: 0.6, by: 'place' } : { confidence: 0, by: null };
}

/** What the element does, without its name and place; null: nothing of its own. */
function workOf(node: FlowNode): string | null {
  switch (node.type) {
    case 'userTask':
      return JSON.stringify(node.task);
    case 'serviceTask':
      return JSON.stringify([node.job.type, node.headers]);
    case 'businessRuleTask':
      return JSON.stringify(node.rule);
    case 'scriptTask':
      return JSON.stringify(node.script);
    case 'receiveTask':
      return JSON.stringify(node.message);
    case 'callActivity':
      return JSON.stringify(node.processId);
    case 'intermediateCatchEvent':
    case 'boundaryEvent':
      return JSON.stringify(node.trigger);
    default:
      return null;
  }
}

/** Between the same elements. */
function sameEnds(source: ProcessModel, target: ProcessModel, node: FlowNode, candidate: FlowNode): boolean {
  const ends = ({ flows }: ProcessModel, { incoming, outgoing }: FlowNode): string =>
    JSON.stringify([
      incoming.map((id) => flows[id]?.source ?? '').sort(),
      outgoing.map((id) => flows[id]?.target ?? '').sort(),
    ]);
  const isConnected = node.incoming.length + node.outgoing.length > 0;
  return isConnected && ends(source, node) === ends(target, candidate);
}
