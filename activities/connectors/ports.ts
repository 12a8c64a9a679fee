/** What the connectors need from outside, given by the worker; tests give their own. */
import type { Wait, WaitingCase } from '#db/queries/waiting-cases.ts';
import type { Deliveries } from '#db/registry/deliveries.ts';
import type { Monitoring } from '#db/queries/monitoring.ts';
import type { Objections } from '#db/queries/objections.ts';
import type { Duplicates } from '#db/registry/duplicates.ts';
import type { OverlapMatrix, Register } from '#db/registry/register.ts';
import type { SurveyRecord } from './survey-record.ts';
import type { Updates } from '#db/registry/updates.ts';
import type { SubjectRights } from '#db/subject-rights.ts';
import type { VaultFields } from './vault-fields.ts';
import type { Json } from '#engine/json.ts';

export interface EarlierProposal {
  /** Proposal number. */
  readonly number: string;
  readonly fields: VaultFields;
}
export interface MailMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Stable over attempts: becomes the Message-ID, by which mail servers drop repeats. */
  readonly id: string;
}

export interface ConnectorDeps {
  /** Data of a citizen; null when the key is unknown or erased. */
  readonly readSubject: (subjectKey: string) => Promise<VaultFields | null>;
  /** Proposals made before this citizen's that share a number, phone, or name in the index; at most `limit`, best first not required. */
  readonly findEarlierProposals: (subjectKey: string, limit: number) => Promise<readonly EarlierProposal[]>;
  /** Cases of an area that wait for a message, oldest wait first. */
  readonly waitingCases: (wait: Wait) => Promise<readonly WaitingCase[]>;
  /** Where homes were visited, and with which photos. */
  readonly surveys: SurveyRecord;
  /** People, families and the ledger of help. */
  readonly register: Register;
  /** Who receives help in a village, and what changes about them. */
  readonly updates: Updates;
  /** Samples and figures of a quarter. */
  readonly monitoring: Monitoring;
  /** What an objection is checked against. */
  readonly objections: Objections;
  /** Decision `tumpang_tindih` in force; null: it is not published. */
  readonly overlapMatrix: () => Promise<OverlapMatrix<Json> | null>;
  /** Deliveries as ledger and cases show them. */
  readonly deliveries: Deliveries;
  /** Pairs of records, merges and their undoing. */
  readonly duplicates: Duplicates;
  /** Restrictions, copies, and whom a breach concerns. */
  readonly subjectRights: SubjectRights;
  readonly dukcapil: {
    readonly url: string;
    readonly agency: string;
    readonly userId: string;
    readonly password: string;
    readonly clientIp: string;
  };
  readonly pos: { readonly url: string; readonly token: string };
  readonly notification: { readonly url: string; readonly token: string };
  /** Absent: e-mail is not configured. */
  readonly sendMail?: (message: MailMessage) => Promise<void>;
  /** Value of a setting of the tenant; null: there is none. */
  readonly readSetting: (name: string) => Promise<Json | null>;
  readonly nowMs: () => number;
  /** Today as YYYY-MM-DD in the office's zone. */
  readonly today: () => string;
  /** Longest wait for one answer of an outside system, in ms. */
  readonly timeoutMs?: number;
}

export const textOf = (value: Json | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;
export const partOf = (value: Json | undefined, name: string): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)[name]
    : undefined;
