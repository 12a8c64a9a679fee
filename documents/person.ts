/** People as documents show them: to staff with a masked number, to everybody by initials. */
import type { Wording } from './wording.ts';

/** One line of a by-name-by-address list (BNBA). */
export interface ListedPerson {
  /** Number of the proposal. */
  readonly number: string;
  readonly name: string;
  /** First six digits and stars. */
  readonly nikMasked: string;
  readonly rt: string;
  readonly rw: string;
  readonly village: string;
  readonly program: string;
}

/** With what a citizen sees how far his proposal is, without an account. */
export interface StatusCheck {
  /** Where it is entered. */
  readonly address: string;
  readonly proposalNumber: string;
  readonly code: string;
}
export const statusLine = ({ address, proposalNumber, code }: StatusCheck, { text }: Wording): string =>
  text('umum.cek', { alamat: address, nomor: proposalNumber, kode: code });

const titles = new Set(['H', 'HJ', 'DR', 'DRS', 'IR', 'KH', 'R', 'RD', 'TN', 'NY']);

/** `Siti Nur Aminah` → `S.N.A.`; titles say too much of a person in a small village and are left out. */
export function initials(name: string): string {
  const words = name.toUpperCase().match(/\p{L}+/gu) ?? [];
  const own = words.filter((word) => !titles.has(word));
  return (own.length > 0 ? own : words).map((word) => `${word.charAt(0)}.`).join('');
}
