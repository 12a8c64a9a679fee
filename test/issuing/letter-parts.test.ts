/** How a district's letter is parted when its list is too long for one paper. */
import { expect, test } from '@jest/globals';
import { documentLimits } from '#contract/document.ts';
import { letterParts } from '#issuing/district-papers.ts';

const { lines } = documentLimits;

test.each([
  ['one that fits is whole', { '32.15.01.2001': lines - 1, '32.15.02.2001': 1 }, ['32.15']],
  ['none at all is a letter too', {}, ['32.15']],
  ['a longer one: by kecamatan', { '32.15.01.2001': lines, '32.15.02.2001': 1 }, ['32.15.01', '32.15.02']],
  [
    'a kecamatan that is too long by itself: by village',
    { '32.15.01.2001': lines, '32.15.01.2002': 1, '32.15.02.2001': 1 },
    ['32.15.01.2001', '32.15.01.2002', '32.15.02'],
  ],
  ['a village is not parted', { '32.15.01.2001': lines + 1 }, ['32.15.01.2001']],
])('%s', (_, counts, parts) => expect(letterParts('32.15', new Map(Object.entries(counts)))).toEqual(parts));
