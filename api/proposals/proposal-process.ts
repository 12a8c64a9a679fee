/** The process a proposal runs in, and what its case starts with. */
import { z } from 'zod';
import type { PoolClient } from 'pg';
import type { ProposalRequest } from '#contract/proposal.ts';
import type { JsonObject } from '#engine/json.ts';
import { readSetting } from '#db/settings.ts';
import { monthText, parseMonth } from '#registry/period.ts';
import { policyInForce } from '#registry/policy.ts';
import { subjectVariable } from '../forms/task-form.ts';
import { Refusal } from '../refusal.ts';

/** Process id; its definition is in definitions/dtks. */
export const proposalProcessId = 'usulan-dtks';
/** Setting with deadlines by profile: ISO 8601 durations by name. */
const deadlinesSetting = 'dtks.tenggat';
const deadlines = z.record(z.string(), z.record(z.string(), z.string()));
/** Setting with the policies of the programme, each from a day on. */
const policiesSetting = 'dtks.kebijakan';
const policies = z.array(z.looseObject({ berlakuSejak: z.iso.date() }));

const month = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Jakarta', year: 'numeric', month: '2-digit' });
/** Months back that offices still catch up on. */
const lateMonthsMost = 12;
/**
 * Month that proposals taken in at an instant count for, on clocks of western Indonesia. @param asked none: that month itself
 * @throws Refusal when it lies ahead or too far back
 */
export function periodFor(asked: string | undefined, at: Date): string {
  const last = month.format(at);
  const first = monthText((parseMonth(last) ?? 0) - lateMonthsMost);
  const period = asked ?? last;
  if (first <= period && period <= last) return period;
  throw new Refusal('invalidProposal', 'periodNotOpen', {
    values: { first, last },
    faults: [{ field: 'period', text: 'notAnOption' }],
  });
}
/** Beginning of the numbers of a village in a month: `3215012001-202611-`. */
export const numberPrefix = (villageCode: string, period: string): string =>
  `${villageCode.replaceAll('.', '')}-${period.replace('-', '')}-`;

/** By which rules the cases of one intake begin; they keep them. */
export interface Rules {
  /** Deadlines by profile. */
  readonly deadlines: Readonly<Record<string, JsonObject>>;
  /** null: none is in force. */
  readonly policy: JsonObject | null;
}

const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Jakarta' });
export async function rulesInForce(db: PoolClient, at: Date): Promise<Rules> {
  const parsedDeadlines = deadlines.safeParse((await readSetting(db, deadlinesSetting))?.value);
  const parsedPolicies = policies.safeParse((await readSetting(db, policiesSetting))?.value);
  const policy = parsedPolicies.success ? policyInForce(parsedPolicies.data, day.format(at)) : null;
  return { deadlines: parsedDeadlines.success ? parsedDeadlines.data : {}, policy: policy as JsonObject | null };
}

const given = (text: string | null): boolean => text !== null && text.trim() !== '';
/** Start variables: derived facts and the reference to the citizen, nothing that identifies anybody. */
export function startVariables(
  proposal: ProposalRequest,
  about: { number: string; period: string; subjectKey: string; rules: Rules },
): JsonObject {
  return {
    usulan: {
      nomor: about.number,
      kodeDesa: proposal.kodeDesa,
      kanal: proposal.kanal,
      jenis: 'BARU',
      program: proposal.programUsulan,
      periode: about.period,
    },
    [subjectVariable]: about.subjectKey,
    rumahTangga: {
      jumlahAnggota: proposal.jumlahAnggota,
      pekerjaan: proposal.pekerjaan,
      desil: proposal.desil,
      programDiterima: proposal.programDiterima,
    },
    alamat: {
      adaJalan: given(proposal.alamat),
      adaRt: given(proposal.rt),
      adaRw: given(proposal.rw),
      adaPenanda: given(proposal.penanda),
      adaTitik: proposal.lat !== null && proposal.lon !== null,
    },
    tenggat: about.rules.deadlines[proposal.profilTenggat] ?? {},
    kebijakan: about.rules.policy,
  };
}
