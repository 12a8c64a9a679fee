import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPublicTokens } from '#db/public-token.ts';

const tokens = createPublicTokens(randomBytes(32));
const proposal = { kind: 'proposal', id: '3215012001-202611-000123' } as const;
const expiresAt = new Date('2027-01-01T00:00:00Z');
const before = new Date('2026-12-31T23:59:59Z');

describe('a public token', () => {
  it('names what it was signed for until it expires', () => {
    const token = tokens.sign(proposal, expiresAt);
    expect(tokens.verify(token, before)).toEqual(proposal);
    expect(tokens.verify(token, expiresAt)).toEqual(proposal);
    expect(tokens.verify(token, new Date('2027-01-01T00:00:01Z'))).toBe('expired');
  });
  it('needs no escaping in an address', () => {
    const token = tokens.sign(proposal, expiresAt);
    expect(encodeURIComponent(token)).toBe(token);
  });
  it('is refused when any of its characters was changed, left out or added', () => {
    const token = tokens.sign(proposal, expiresAt);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('0', 'a', 'Z', '.', '-', '_'), (index, character) => {
        const changed = token.slice(0, index) + character + token.slice(index + 1);
        fc.pre(changed !== token);
        expect(tokens.verify(changed, before)).toBe('forged');
        expect(tokens.verify(token.slice(0, index), before)).toBe('forged');
        expect(tokens.verify(token.slice(0, index) + character + token.slice(index), before)).toBe('forged');
      }),
    );
  });
  it.each(['', '.', '...', 'proposal', 'person.1.zzz.aaaa', 'proposal.1.zzzzzz.'])('%j is none', (text) =>
    expect(tokens.verify(text, before)).toBe('forged'),
  );
  it('is refused under another master key', () => {
    expect(createPublicTokens(randomBytes(32)).verify(tokens.sign(proposal, expiresAt), before)).toBe('forged');
  });
  it('names no other thing by moving its dots', () => {
    const token = tokens.sign({ kind: 'document', id: '12' }, expiresAt);
    expect(tokens.verify(token.replace('document', 'proposal'), before)).toBe('forged');
    expect(() => tokens.sign({ kind: 'document', id: '1.zzz' }, expiresAt)).toThrow('letters, digits and dashes');
  });
});

describe('a code for a citizen', () => {
  const number = '3215012001-202611-000123';
  it('belongs to its number, however it is typed', () => {
    const code = tokens.codeOf(number);
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    expect(tokens.codeOf(number)).toBe(code);
    const misread = code.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    expect([tokens.isCodeOf(number, code), tokens.isCodeOf(number, ` ${misread} `)]).toEqual([true, true]);
  });
  it('is wrong for another number, under another master key, and when any of it was changed', () => {
    const code = tokens.codeOf(number);
    expect(tokens.isCodeOf('3215012001-202611-000124', code)).toBe(false);
    expect(createPublicTokens(randomBytes(32)).isCodeOf(number, code)).toBe(false);
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 2, 3, 4, 6, 7, 8, 9, 10),
        fc.constantFrom('0', '1', '5', '9', 'A', 'K', 'Z'),
        (index, letter) => {
          fc.pre(code[index] !== letter);
          expect(tokens.isCodeOf(number, code.slice(0, index) + letter + code.slice(index + 1))).toBe(false);
        },
      ),
    );
    for (const none of ['', '-', code.slice(0, -1), `${code}0`]) expect(tokens.isCodeOf(number, none)).toBe(false);
  });
});
