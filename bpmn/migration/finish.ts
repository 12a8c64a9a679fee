/**
 * Whether a case can still come to its end from where it stands: the same exploration as before publishing (bpmn/soundness), begun at the
 * tokens of the case. Each scope instance is looked at by itself, for tokens never cross a scope's border; what was found of a marking is
 * remembered, so that thousands of cases cost as much as the places they stand at. Bounded by the limits of the soundness check.
 */
import type { ElementId, ProcessModel } from '#engine/model.ts';
import type { ScopeSummary } from '../soundness/activity.ts';
import { analyse } from '../soundness/analysis.ts';
import { defectsOf } from '../soundness/defects.ts';
import { explore } from '../soundness/explore.ts';
import { limits } from '../soundness/limits.ts';
import { keyOf, markingOf } from '../soundness/marking.ts';
import { netOf, type ScopeNet } from '../soundness/net.ts';

/** One active scope instance: elements at work in it, and flows on which a token waits before a join; each as often as it is so. */
export interface StandingScope {
  /** null: the process. */
  readonly elementId: ElementId | null;
  readonly places: readonly string[];
}
export type Finish =
  | { readonly finishes: 'yes' }
  /** `unknown`: there is more to look at than the limit allows, and no end was met. */
  | { readonly finishes: 'unknown' }
  | {
      readonly finishes: 'no';
      readonly code: 'DEADLOCK' | 'LIVELOCK' | 'UNREACHABLE_END';
      /** The elements at fault first. */
      readonly elements: readonly string[];
    };

const stopping: ReadonlySet<string> = new Set(['DEADLOCK', 'LIVELOCK', 'UNREACHABLE_END']);

export class Finishing {
  readonly #model: ProcessModel;
  readonly #nets = new Map<ElementId | null, ScopeNet>();
  readonly #known = new Map<string, Finish>();

  constructor(model: ProcessModel) {
    this.#model = model;
  }

  /** The first scope that cannot end; else whether all are known to. */
  of(scopes: readonly StandingScope[]): Finish {
    const found = scopes.map((scope) => this.#scope(scope));
    return (
      found.find(({ finishes }) => finishes === 'no') ??
      found.find(({ finishes }) => finishes === 'unknown') ?? { finishes: 'yes' }
    );
  }

  #scope({ elementId, places }: StandingScope): Finish {
    const marking = markingOf(places);
    const key = `${elementId ?? ''}\u0003${keyOf(marking)}`;
    const known = this.#known.get(key) ?? this.#explore(elementId, places);
    this.#known.set(key, known);
    return known;
  }

  #explore(elementId: ElementId | null, places: readonly string[]): Finish {
    const net = { ...this.#net(elementId), begins: [{ places, trail: [] }] };
    const exploration = explore(net, { left: limits.states });
    const ends = exploration.states.some(({ completed }) => completed);
    const fault = defectsOf(net, exploration).find(
      ({ code, severity }) => stopping.has(code) && (!ends || severity === undefined),
    );
    if (fault) return { finishes: 'no', code: fault.code as 'DEADLOCK', elements: fault.elements };
    if (ends) return { finishes: 'yes' };
    // tokens that end otherwise (an error, a cancellation) end the case as the model says
    const isOver = exploration.states.some(({ marking }) => marking === null);
    if (isOver) return { finishes: 'yes' };
    return exploration.complete
      ? { finishes: 'no', code: 'UNREACHABLE_END', elements: [...places] }
      : { finishes: 'unknown' };
  }

  #net(elementId: ElementId | null): ScopeNet {
    const known = this.#nets.get(elementId);
    if (known) return known;
    const summaries = new Map<ElementId, ScopeSummary>();
    for (const node of Object.values(this.#model.nodes)) {
      if (node.parent !== elementId || !('eventSubProcesses' in node)) continue;
      summaries.set(node.id, analyse(this.#model, node.id, { left: limits.states }).summary);
    }
    const net = netOf(this.#model, elementId, summaries);
    this.#nets.set(elementId, net);
    return net;
  }
}
