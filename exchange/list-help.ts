/** What a list says of help, beside what the ledger has of the same person and family. */
import { monthsMeet } from '#registry/period.ts';
import type { Months } from '#registry/period.ts';

export interface Help {
  readonly programme: string;
  readonly source: string;
  readonly period: string;
  readonly months: Months;
  /** Whole rupiah. */
  readonly amount: number;
  readonly unit: 'KK' | 'NIK';
  readonly personKey: string;
  readonly familyKey: string | null;
  /** kode wilayah of the village. */
  readonly region: string;
}
export interface HelpFinding {
  readonly kind: 'AMOUNT_DIFFERS' | 'HELP_TWICE' | 'FORBIDDEN_OVERLAP';
  readonly other: Pick<Help, 'programme' | 'period'>;
  /** Rule of decision `tumpang_tindih`. */
  readonly reason: string | null;
}
/** Decision `tumpang_tindih` for two kinds of help in the same months; null: allowed. */
export type ForbiddenBy = (pair: {
  readonly programme: string;
  readonly other: string;
  readonly isSameFamily: boolean;
  readonly isOtherDistrict: boolean;
}) => string | null;

const districtOf = (region: string): string => region.split('.').slice(0, 2).join('.');
const isSameRecipient = (a: Help, b: Help): boolean =>
  a.unit === 'KK' && a.familyKey !== null ? a.familyKey === b.familyKey : a.personKey === b.personKey;

/** @param held help that is reserved or paid, of the same person or family */
export function findHelpConflicts(help: Help, held: readonly Help[], forbiddenBy: ForbiddenBy): readonly HelpFinding[] {
  return held
    .filter((other) => monthsMeet(help.months, other.months))
    .flatMap((other): HelpFinding[] => {
      if (other.programme === help.programme && isSameRecipient(help, other)) {
        const isSame = other.period !== help.period || other.amount === help.amount;
        return [{ kind: isSame ? 'HELP_TWICE' : 'AMOUNT_DIFFERS', other, reason: null }];
      }
      const reason = forbiddenBy({
        programme: help.programme,
        other: other.programme,
        isSameFamily: help.familyKey !== null && help.familyKey === other.familyKey,
        isOtherDistrict: districtOf(help.region) !== districtOf(other.region),
      });
      return reason === null ? [] : [{ kind: 'FORBIDDEN_OVERLAP', other, reason }];
    });
}
