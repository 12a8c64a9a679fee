/** The ledger of help in memory: what is reserved, paid and returned, to the rupiah. Everybody is a family of his own. */
import type { ContinuedHelp, Deliveries, Reconciliation } from '#db/registry/deliveries.ts';
import type { Help } from '#db/registry/participations.ts';
import type { Register } from '#db/registry/register.ts';
import type { Updates } from '#db/registry/updates.ts';
import { monthText, parseMonth } from '#registry/period.ts';
import type { ParticipationState } from '#registry/participation.ts';
import { memoryRegister } from './memory-register.ts';
import { noDeliveries } from './no-deliveries.ts';

interface Entry {
  readonly subjectKey: string;
  readonly help: Omit<Help, 'unit' | 'region'>;
  readonly allocated: number;
  recorded: number;
  state: ParticipationState;
}
export interface MemoryLedger {
  readonly register: Register;
  readonly deliveries: Deliveries;
  readonly updates: Pick<Updates, 'stop' | 'isStopped'>;
  /** Who has help in a village that is not stopped. */
  readonly recipients: (village: string) => readonly { readonly number: string; readonly subjectKey: string }[];
  readonly reconcile: (period: string) => Reconciliation;
  /** Help of a period in a state, and whose it is. */
  readonly listed: (
    period: string,
    state: ParticipationState,
  ) => readonly { readonly number: string | null; readonly personKey: string }[];
}

export function memoryLedger(): MemoryLedger {
  const entries: Entry[] = [];
  /** First period without help, by proposal. */
  const stops = new Map<string, string>();
  const isStopped = (number: string | null, period: string): boolean =>
    (stops.get(number ?? '') ?? '9999-12') <= period;
  const find = ({ proposalNumber, programme, source, period }: Entry['help']): Entry | undefined =>
    entries.findLast(
      ({ help }) =>
        help.proposalNumber === proposalNumber &&
        help.programme === programme &&
        help.source === source &&
        help.period === period,
    );
  const settle = (help: Entry['help'], state: ParticipationState, amount: number | null) => {
    const entry = find(help);
    if (entry === undefined) return { outcome: 'refused', code: 'NOT_RESERVED', state: null } as const;
    if (state === 'PAID' && entry.state === 'PAID') return { outcome: 'twice' } as const;
    entry.state = state;
    entry.recorded = amount ?? entry.allocated;
    return { outcome: 'settled', participationKey: help.proposalNumber ?? '' } as const;
  };
  const reconcile = (period: string): Reconciliation => {
    const counted = entries.filter(({ help, state }) => help.period === period && state !== 'CANCELLED');
    const sum = (state: ParticipationState): number =>
      counted.filter((entry) => entry.state === state).reduce((total, { recorded }) => total + recorded, 0);
    const dialokasikan = counted.reduce((total, { allocated }) => total + allocated, 0);
    const [terbayar, dikembalikan, tertunda] = [sum('PAID'), sum('RETURNED'), sum('RESERVED')];
    return {
      dialokasikan,
      terbayar,
      dikembalikan,
      tertunda,
      selisih: dialokasikan - terbayar - dikembalikan - tertunda,
      jumlahTertunda: counted.filter(({ state }) => state === 'RESERVED').length,
      daftarTertunda: [],
      jumlahSelisih: counted.filter(({ allocated, recorded }) => allocated !== recorded).length,
      daftarSelisih: [],
    };
  };
  const register: Register = {
    ...memoryRegister(),
    reserve: (subjectKey, help) => {
      if (find(help)?.state !== 'RESERVED')
        entries.push({ subjectKey, help, allocated: help.amount, recorded: help.amount, state: 'RESERVED' });
      return Promise.resolve({ outcome: 'entered', participationKey: help.proposalNumber ?? '' });
    },
    pay: (_, help) => Promise.resolve(settle(help, 'PAID', help.amount)),
    release: (help, state) => Promise.resolve(settle(help, state, help.amount)),
  };
  const regionOf = (number: string): string => number.replace(/^(\d\d)(\d\d)(\d\d)(\d{4}).*$/, '$1.$2.$3.$4');
  const continued = (period: string): readonly ContinuedHelp[] => {
    const before = monthText((parseMonth(period) ?? 0) - 1);
    return entries
      .filter(
        ({ help, state }) =>
          state === 'PAID' &&
          help.period === before &&
          find({ ...help, period }) === undefined &&
          !isStopped(help.proposalNumber, period),
      )
      .map(({ help: { proposalNumber, programme, source }, subjectKey, recorded }) => ({
        proposalNumber: proposalNumber ?? '',
        subjectKey,
        region: regionOf(proposalNumber ?? ''),
        programme,
        source,
        amount: recorded,
      }));
  };
  return {
    register,
    deliveries: {
      ...noDeliveries,
      continued: (_, period) => Promise.resolve(continued(period)),
      reconcile: (_, period) => Promise.resolve(reconcile(period)),
    },
    updates: {
      stop: (those, { period }) => {
        for (const { number } of those) stops.set(number, monthText((parseMonth(period) ?? 0) + 1));
        return Promise.resolve(those.length);
      },
      isStopped: (subjectKey, programme, period) =>
        Promise.resolve(
          entries.some(
            (entry) =>
              entry.subjectKey === subjectKey &&
              entry.help.programme === programme &&
              isStopped(entry.help.proposalNumber, period),
          ),
        ),
    },
    recipients: (village) => {
      const counted = entries.filter(
        ({ help: { proposalNumber }, state }) =>
          (state === 'PAID' || state === 'RESERVED') &&
          regionOf(proposalNumber ?? '') === village &&
          !stops.has(proposalNumber ?? ''),
      );
      return [...new Map(counted.map(({ help, subjectKey }) => [help.proposalNumber ?? '', subjectKey]))].map(
        ([number, subjectKey]) => ({ number, subjectKey }),
      );
    },
    reconcile,
    listed: (period, state) =>
      entries
        .filter((entry) => entry.help.period === period && entry.state === state)
        .map(({ help, subjectKey }) => ({ number: help.proposalNumber, personKey: subjectKey })),
  };
}
