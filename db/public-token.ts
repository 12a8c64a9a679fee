/**
 * Tokens that everybody may hold, printed as QR codes: what they name, until when they hold, and an HMAC under a key derived from the
 * master key. They name a proposal or an issued document by number or key, never a person: whoever finds one learns nothing of anybody.
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
}

const idPattern = /^[0-9A-Za-z-]{1,60}$/;
/** 128 bits: short enough for a small code, far beyond guessing. */
const macBytes = 16;
const radix = 36;

/** @param masterKey 32 bytes, kept outside the database. */
export function createPublicTokens(masterKey: Buffer): PublicTokens {
  const key = deriveKey(masterKey, 'public token v1');
  const macOf = (text: string): Buffer => createHmac('sha256', key).update(text).digest().subarray(0, macBytes);
  return {
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
