/**
 * What a new version means for a running case, decided from where it stands: safe, in need of a mapping, or blocked. Cases that stand alike
 * are looked at once.
 */
import type { ElementMapping } from '#engine/command.ts';
import { isBody } from '#engine/flow.ts';
import type { ElementId, ProcessModel } from '#engine/model.ts';
import { outerFirst, planMigration } from '#engine/migration/plan.ts';
import type { MigrationProblem, Plan, ScopeRef, Standings } from '#engine/migration/plan.ts';
import { Finishing } from './finish.ts';
import type { StandingScope } from './finish.ts';

export type ImpactClass = 'safe' | 'needsMapping' | 'blocked';
export type ImpactCode = MigrationProblem['code'] | 'DEADLOCK' | 'LIVELOCK' | 'UNREACHABLE_END' | 'UNKNOWN_END';
export interface ImpactReason {
  readonly code: ImpactCode;
  /** Element or flow of the old version; of an end that is not reached, of the new one. */
  readonly elementId: string;
  readonly target: string | null;
}
export interface Impact {
  readonly class: ImpactClass;
  /** Each once; empty when the case is safe. */
  readonly reasons: readonly ImpactReason[];
}

/** What a mapping can mend. */
const mappable: ReadonlySet<ImpactCode> = new Set(['elementMissing', 'tokenMissing', 'targetUnknown']);

export class Impacts {
  readonly #source: ProcessModel;
  readonly #target: ProcessModel;
  readonly #mapping: readonly ElementMapping[];
  readonly #finishing: Finishing;
  readonly #known = new Map<string, Impact>();

  constructor(source: ProcessModel, target: ProcessModel, mapping: readonly ElementMapping[]) {
    this.#source = source;
    this.#target = target;
    this.#mapping = mapping;
    this.#finishing = new Finishing(target);
  }

  of(elements: Standings): Impact {
    return this.ofSignature(signatureOf(elements), elements);
  }

  /** `signature`: of these elements. */
  ofSignature(signature: string, elements: Standings): Impact {
    const known = this.#known.get(signature) ?? this.#judge(elements);
    this.#known.set(signature, known);
    return known;
  }

  #judge(elements: Standings): Impact {
    const plan = planMigration({ source: this.#source, target: this.#target, mapping: this.#mapping }, elements);
    const [first] = plan.problems;
    if (first) {
      const reasons = plan.problems.map(({ code, elementId, target }): ImpactReason => ({ code, elementId, target }));
      const mends = plan.problems.every(({ code }) => mappable.has(code));
      return { class: mends ? 'needsMapping' : 'blocked', reasons: distinct(reasons) };
    }
    const finish = this.#finishing.of(standingAfter(this.#target, elements, plan));
    if (finish.finishes === 'yes') return { class: 'safe', reasons: [] };
    if (finish.finishes === 'unknown')
      return { class: 'blocked', reasons: [{ code: 'UNKNOWN_END', elementId: '', target: null }] };
    const [at = '', ...others] = finish.elements;
    return { class: 'blocked', reasons: [{ code: finish.code, elementId: at, target: others[0] ?? null }] };
  }
}

const distinct = (reasons: readonly ImpactReason[]): readonly ImpactReason[] => [
  ...new Map(reasons.map((reason) => [JSON.stringify(reason), reason])).values(),
];

/** Where the tokens are once the plan is carried out, scope by scope. */
export function standingAfter(target: ProcessModel, elements: Standings, plan: Plan): readonly StandingScope[] {
  const gone = new Set(plan.emptied);
  const places = new Map<ScopeRef, string[]>();
  const add = (scope: ScopeRef, place: string): void => void places.set(scope, [...(places.get(scope) ?? []), place]);
  const scopes: { readonly ref: ScopeRef; readonly elementId: ElementId | null }[] = [{ ref: 0, elementId: null }];
  for (const { seq, elementId, type, scope, how } of plan.elements) {
    if (type === 'compensation' || gone.has(seq)) continue;
    add(scope, elementId);
    const node = target.nodes[elementId];
    const isWithin = how === 'kept' && !isBody(type) && node !== undefined && 'eventSubProcesses' in node;
    if (isWithin) scopes.push({ ref: seq, elementId });
  }
  for (const scope of plan.created) {
    add(scope.within, scope.elementId);
    scopes.push({ ref: scope, elementId: scope.elementId });
  }
  for (const { scope, to, count } of plan.tokens) {
    for (let token = 0; token < count; token++) add(scope, to.type === 'waits' ? to.flow : to.elementId);
  }
  // the inside of a compensation has no flow of its own
  const inside = (ref: ScopeRef): boolean =>
    typeof ref !== 'number' || ref === 0 || elements[elements[ref]?.scope ?? 0]?.type !== 'compensation';
  // a scope that holds nothing is about to go on by itself
  return scopes.flatMap(({ ref, elementId }) => {
    const held = places.get(ref);
    return held === undefined || !inside(ref) ? [] : [{ elementId, places: held }];
  });
}

/** Equal for cases that stand alike: the tree of their scopes with what is active and waits in each; how many alike instances a loop has does not count. */
export function signatureOf(elements: Standings): string {
  const texts = new Map<number, string[]>();
  for (const { seq, elementId, type, scope, waitingTokens } of outerFirst(elements).toReversed()) {
    const within = (texts.get(seq) ?? []).toSorted();
    const held = isBody(type) ? [...new Set(within)] : within;
    const tokens = Object.entries(waitingTokens)
      .map(([flow, count]) => `${flow}*${count}`)
      .toSorted();
    const text = `${seq === 0 ? '' : elementId}:${type}${held.length + tokens.length === 0 ? '' : `(${[...held, ...tokens].join(',')})`}`;
    if (seq === 0) return text;
    texts.set(scope, [...(texts.get(scope) ?? []), text]);
  }
  return '';
}
