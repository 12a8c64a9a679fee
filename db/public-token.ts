/**
 * Tokens that everybody may hold, printed as QR codes: what they name, until when they hold, and an HMAC under a key derived from the
 * master key. They name a proposal or an issued document by number or key, never a person: whoever finds one learns nothing of anybody.
 * And codes that a citizen types beside the number of his proposal: part of an HMAC over the number. A wrong one is known without looking
 * anything up, so that neither answer nor time tells whether there is such a number.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from './vault.ts';

const tokenKinds = ['proposal', 'document'] as const;
export interface TokenSubject {
  readonly kind: (typeof tokenKinds)[number];
  /** Number of the proposal or key of the document. */
  readonly id: string;
}
export interface PublicTokens {
  /** `kind.id.expiry.mac`; letters, digits, dots, dashes and underscores only. @param expiresAt to the second */
  readonly sign: (subject: TokenSubject, expiresAt: Date) => string;
  readonly verify: (token: string, now: Date) => TokenSubject | 'forged' | 'expired';
  /** `XXXXX-XXXXX`, 50 bits; of any text, whether it is a number or not. */
  readonly codeOf: (proposalNumber: string) => string;
  /** Case, blanks and dashes do not matter, nor do O for 0, I and L for 1. */
  readonly isCodeOf: (proposalNumber: string, code: string) => boolean;
}

/** Crockford's: without I, L, O and U, which are misread. */
const codeLetters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 10;
const plainCode = (code: string): string =>
  code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');

const idPattern = /^[0-9A-Za-z-]{1,60}$/;
/** 128 bits: short enough for a small code, far beyond guessing. */
const macBytes = 16;
const radix = 36;

/** @param masterKey 32 bytes, kept outside the database. */
export function createPublicTokens(masterKey: Buffer): PublicTokens {
  const key = deriveKey(masterKey, 'public token v1');
  const macOf = (text: string): Buffer => createHmac('sha256', key).update(text).digest().subarray(0, macBytes);
  const codeKey = deriveKey(masterKey, 'citizen code v1');
  const lettersOf = (proposalNumber: string): string =>
    [...createHmac('sha256', codeKey).update(proposalNumber).digest().subarray(0, codeLength)]
      .map((byte) => codeLetters[byte % codeLetters.length])
      .join('');
  return {
    codeOf: (proposalNumber) => lettersOf(proposalNumber).replace(/^.{5}/, '$&-'),
    isCodeOf: (proposalNumber, code) => {
      const [given, right] = [Buffer.from(plainCode(code)), Buffer.from(lettersOf(proposalNumber))];
      return given.length === right.length && timingSafeEqual(given, right);
    },
    sign: ({ kind, id }, expiresAt) => {
      if (!idPattern.test(id)) throw new Error('the id of a public token holds letters, digits and dashes only');
      const text = `${kind}.${id}.${Math.floor(expiresAt.getTime() / 1_000).toString(radix)}`;
      return `${text}.${macOf(text).toString('base64url')}`;
    },
    verify: (token, now) => {
      const [kindText, id = '', expiry = '', mac = '', ...more] = token.split('.');
      const kind = tokenKinds.find((known) => known === kindText);
      const given = Buffer.from(mac, 'base64url');
      // Compared as text as well: base64url of 16 bytes has spare bits that a reader ignores.
      const isGenuine =
        given.length === macBytes &&
        given.toString('base64url') === mac &&
        timingSafeEqual(given, macOf(`${kindText ?? ''}.${id}.${expiry}`));
      if (kind === undefined || more.length > 0 || !isGenuine) return 'forged';
      return Number.parseInt(expiry, radix) * 1_000 < now.getTime() ? 'expired' : { kind, id };
    },
  };
}
