/** What the soundness check finds, with its texts from messages.json. */
import type { ElementId } from '#engine/model.ts';
import { fillBoth, type BilingualText, type ProblemValues } from '../admission.ts';
import catalog from './messages.json' with { type: 'json' };

export type FindingCode = keyof typeof catalog;
/** Only an error keeps a model from being published. */
export type FindingSeverity = 'error' | 'warning' | 'info';

/** Where a fault lies and how a token gets there, before it has its texts. */
export interface Fault {
  readonly code: FindingCode;
  /** When it differs from the severity in messages.json. */
  readonly severity?: FindingSeverity;
  /** Elements and flows to mark, the one at fault first. */
  readonly elements: readonly string[];
  /** Elements and flows in the order in which tokens pass them, from the start of the scope to the fault. */
  readonly path: readonly string[];
  readonly values?: ProblemValues;
}
export interface Finding {
  readonly code: FindingCode;
  readonly severity: FindingSeverity;
  readonly processId: ElementId;
  readonly elements: readonly string[];
  /** An example: ids of elements and sequence flows from the start of the process to the fault, shortest first. */
  readonly path: readonly string[];
  readonly message: BilingualText;
  readonly remedy: BilingualText;
}

export function findingOf(processId: string, { code, severity, elements, path, values = {} }: Fault): Finding {
  const { severity: usual, message, remedy } = catalog[code];
  const named = { element: elements[0] ?? processId, ...values };
  return {
    code,
    severity: severity ?? (usual as FindingSeverity),
    processId,
    elements,
    path,
    message: fillBoth(message, named),
    remedy: fillBoth(remedy, named),
  };
}

const rank: Readonly<Record<FindingSeverity, number>> = { error: 0, warning: 1, info: 2 };
/** Errors first, then the shortest path. */
export const byWeight = (one: Finding, other: Finding): number =>
  rank[one.severity] - rank[other.severity] || one.path.length - other.path.length;

const crossing: ReadonlySet<FindingCode> = new Set([
  'MESSAGE_WITHOUT_SUBSCRIBER',
  'SIGNAL_WITHOUT_SUBSCRIBER',
  'ERROR_UNCAUGHT',
  'ESCALATION_UNCAUGHT',
]);
/** Whether another process of the deployment would remove the finding. */
export const dependsOnOthers = ({ code }: Finding): boolean => crossing.has(code);
