/** The address behind a QR code. */
import type { TokenSubject } from '#db/public-token.ts';
import type { Dependencies } from '../dependencies.ts';

/** A page of the web app. */
export const verifyUrlOf = ({ options, publicTokens }: Dependencies, subject: TokenSubject, expiresAt: Date): string =>
  `${options.publicUrl}/periksa/${publicTokens.sign(subject, expiresAt)}`;
