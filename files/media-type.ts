/** What a file is, by its first bytes: what its sender says, and the end of its name, prove nothing. */

export const mediaTypes = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'] as const;
export type MediaType = (typeof mediaTypes)[number];

const signatures: readonly { readonly type: MediaType; readonly parts: readonly (readonly [number, string])[] }[] = [
  { type: 'image/jpeg', parts: [[0, '\xff\xd8\xff']] },
  { type: 'image/png', parts: [[0, '\x89PNG\r\n\x1a\n']] },
  {
    type: 'image/webp',
    parts: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  },
  { type: 'application/pdf', parts: [[0, '%PDF-']] },
];

/** null: none that is taken in. */
export function mediaTypeOf(content: Uint8Array): MediaType | null {
  const start = Buffer.from(content.subarray(0, 16)).toString('latin1');
  return signatures.find(({ parts }) => parts.every(([at, text]) => start.startsWith(text, at)))?.type ?? null;
}

/** Of lists of others. */
export const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** Whether it may be one: a zip archive. Who reads it finds out. */
export const isWorkbook = (content: Uint8Array): boolean =>
  Buffer.from(content.subarray(0, 4)).toString('latin1') === 'PK\x03\x04';
