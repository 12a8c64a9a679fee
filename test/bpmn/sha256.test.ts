import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '#bpmn/sha256.ts';

const byNode = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe('SHA-256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('is that of FIPS 180-4 for "%s"', (text, digest) => {
    expect(sha256(text)).toBe(digest);
  });

  it('equals node:crypto at every length around the blocks', () => {
    for (let length = 0; length <= 200; length += 1) {
      const text = 'é'.repeat(length % 7) + 'x'.repeat(length);
      expect(sha256(text)).toBe(byNode(text));
    }
  });

  it('equals node:crypto for any text, unpaired surrogates too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => sha256(text) === byNode(text)),
      { numRuns: 500 },
    );
    expect(sha256('\ud800')).toBe(byNode('\ud800'));
  });

  it('takes a large file well within a second', () => {
    const text = '<bpmn:task id="a" />'.repeat(100_000);
    const startMs = performance.now();
    expect(sha256(text)).toBe(byNode(text));
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });
});
