/**
 * Doors through which help comes: whom one help is for, out of which funds, and the usual amount. Defaults of ours (published amounts of
 * 2020 to 2025), not law: a proposal or an import that says otherwise is followed.
 */

/** Funds: the state's, the province's, the district's, the village's. */
export const sources = ['APBN', 'APBD_PROV', 'APBD_KAB', 'APBDES'] as const;
export type Source = (typeof sources)[number];
/** One help per family (by its card) or per person. */
export type Unit = 'KK' | 'NIK';

export interface Programme {
  readonly unit: Unit;
  readonly source: Source;
  /** Whole rupiah per period of payment; 0: no money goes to the recipient. */
  readonly amount: number;
}
export const programmes = {
  PKH: { unit: 'KK', source: 'APBN', amount: 750_000 },
  SEMBAKO: { unit: 'KK', source: 'APBN', amount: 600_000 },
  BST: { unit: 'KK', source: 'APBN', amount: 300_000 },
  PBI_JK: { unit: 'NIK', source: 'APBN', amount: 0 },
  BLT_DD: { unit: 'KK', source: 'APBDES', amount: 300_000 },
  BANPROV: { unit: 'KK', source: 'APBD_PROV', amount: 500_000 },
  BANKAB: { unit: 'KK', source: 'APBD_KAB', amount: 300_000 },
  PRAKERJA: { unit: 'NIK', source: 'APBN', amount: 600_000 },
  SEMBAKO_PRESIDEN: { unit: 'KK', source: 'APBN', amount: 300_000 },
} as const satisfies Readonly<Record<string, Programme>>;
export type ProgrammeCode = keyof typeof programmes;

export const isProgramme = (code: string): code is ProgrammeCode => Object.hasOwn(programmes, code);
export const isSource = (code: string): code is Source => (sources as readonly string[]).includes(code);
/** Whole rupiah, none below zero. */
export const isRupiah = (amount: unknown): amount is number => Number.isSafeInteger(amount) && Number(amount) >= 0;
