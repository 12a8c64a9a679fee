/** The cases of the demo and what has been done for each; nothing else of the player has a memory. */
import type { Client } from '#contract/client.ts';
import { proposalEndpoints } from '#contract/proposal.ts';
import type { UserTask } from '#contract/user-task.ts';
import type { Truth, TruthCase } from '../generate/generate.ts';
import { helpByMonth, type Help } from '../generate/help.ts';
import { searchAll } from '../client.ts';
import { monthAfter } from './months.ts';

const pageSize = 1_000;
/** Processes of one payment. */
const deliveries: ReadonlySet<string> = new Set(['pemetaan-pos', 'penyaluran-konfirmasi']);

export interface Case {
  readonly sourceId: string;
  readonly number: string;
  /** Month that it counts for, `2026-11`. */
  readonly period: string;
  readonly instanceKey: string;
  readonly village: string;
  readonly truth: TruthCase;
  /** Task keys by element, in the order of asking. */
  readonly asked: Map<string, string[]>;
  /** Meetings that have decided about it. */
  attended: number;
  /** A decision was made and the case has not been seen elsewhere since: its wait may be the old one. */
  decisionPending: boolean;
  /** Sign-offs of the district that have decided about it. */
  signedOff: number;
  /** A letter was signed and the case has not been seen elsewhere since. */
  answerPending: boolean;
  /** Lists of ministry and province that have answered it. */
  readonly answered: { pusat: number; provinsi: number };
  /** Reached end events; empty while it runs. */
  endElements: readonly string[];
  ended: boolean;
}

export const endedAsForetold = ({ ended, endElements, truth }: Case): boolean =>
  ended && endElements.join('+') === truth.end;

/** A proposal's number has its month between village and serial. */
const periodOf = (number: string): string => (number.split('-')[1] ?? '').replace(/^(\d{4})/, '$1-');

/** Help that the oracle tells of a case, by the period it is for. @param months of the demo */
export function helpOf({ truth, period }: Case, months: number): ReadonlyMap<string, Help> {
  const byMonth = [...helpByMonth(truth, months)];
  return new Map(byMonth.map(([month, help]) => [monthAfter(period, month - truth.month), help]));
}

/** How often this element had been asked before `taskKey`. */
export function visitOf(one: Case, elementId: string, taskKey: string): number {
  const keys = one.asked.get(elementId) ?? [];
  const known = keys.indexOf(taskKey);
  if (known >= 0) return known;
  one.asked.set(elementId, [...keys, taskKey]);
  return keys.length;
}

export class Cases {
  readonly #truth: Truth;
  readonly #pattern: string;
  readonly #byInstance = new Map<string, Case>();
  readonly #byNumber = new Map<string, Case>();

  constructor(truth: Truth) {
    this.#truth = truth;
    const first = Object.keys(truth.cases)[0] ?? '';
    this.#pattern = `${first.slice(0, first.lastIndexOf('-'))}-*`;
  }

  /** Reads numbers, states and ends of all cases; returns how many have ended. */
  async refresh(client: Client): Promise<number> {
    const proposals = await searchAll(
      (after) =>
        client(proposalEndpoints.searchProposals, {
          body: {
            filter: { sourceId: { $like: this.#pattern } },
            sort: [{ field: 'sourceId' }],
            page: after === null ? { limit: pageSize } : { limit: pageSize, after },
          },
        }),
      pageSize,
    );
    for (const found of proposals) {
      const truth = this.#truth.cases[found.sourceId];
      if (truth === undefined) continue;
      const known = this.#byInstance.get(found.processInstanceKey) ?? this.#add(found.sourceId, found, truth);
      known.ended = found.state !== null && found.state !== 'ACTIVE';
      known.endElements = found.endElements;
    }
    return this.all.filter((one) => one.ended).length;
  }
  #add(
    sourceId: string,
    found: { readonly proposalNumber: string; readonly processInstanceKey: string; readonly region: string },
    truth: TruthCase,
  ): Case {
    const added: Case = {
      sourceId,
      number: found.proposalNumber,
      period: periodOf(found.proposalNumber),
      instanceKey: found.processInstanceKey,
      village: found.region,
      truth,
      asked: new Map(),
      attended: 0,
      decisionPending: false,
      signedOff: 0,
      answerPending: false,
      answered: { pusat: 0, provinsi: 0 },
      endElements: [],
      ended: false,
    };
    this.#byInstance.set(added.instanceKey, added);
    this.#byNumber.set(added.number, added);
    return added;
  }

  /** Months of the proposals. */
  get periods(): readonly string[] {
    return [...new Set(this.all.map(({ period }) => period))].toSorted();
  }
  get all(): readonly Case[] {
    return [...this.#byInstance.values()];
  }
  byInstance(instanceKey: string | null): Case | null {
    return (instanceKey === null ? undefined : this.#byInstance.get(instanceKey)) ?? null;
  }
  byNumber(number: string): Case | null {
    return this.#byNumber.get(number) ?? null;
  }
  /** Its own, those of what it calls, and those of help that goes on, whose key begins with the proposal's number. */
  ofTask({ processInstanceKey, rootProcessInstanceKey, processDefinitionId, case: of }: UserTask): Case | null {
    const [number = ''] = deliveries.has(processDefinitionId) ? (of?.businessKey ?? '').split('/') : [];
    return this.byInstance(processInstanceKey) ?? this.byInstance(rootProcessInstanceKey) ?? this.byNumber(number);
  }
}
