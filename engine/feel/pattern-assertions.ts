/** Places in a text that a pattern can ask for. */
export type AssertionKind = 'start' | 'end' | 'wordBoundary' | 'notWordBoundary';

const isWord = (char: string | undefined): boolean => char !== undefined && /^[\p{L}\p{N}_]$/u.test(char);

export function holds(kind: AssertionKind, text: readonly string[], position: number, multiline: boolean): boolean {
  switch (kind) {
    case 'start':
      return position === 0 || (multiline && text[position - 1] === '\n');
    case 'end':
      return position === text.length || (multiline && text[position] === '\n');
    case 'wordBoundary':
      return isWord(text[position - 1]) !== isWord(text[position]);
    case 'notWordBoundary':
      return isWord(text[position - 1]) === isWord(text[position]);
  }
}
