/** Pieces of FEEL text that know how tightly they bind, so that parentheses stand only where they are needed. */

/** DMN 1.5 §10.3.1.2, the loosest first. */
export const binding = {
  choice: 0,
  or: 1,
  and: 2,
  comparison: 3,
  sum: 4,
  product: 5,
  prefix: 6,
  postfix: 7,
} as const;
type Binding = (typeof binding)[keyof typeof binding];

export interface Piece {
  readonly text: string;
  readonly binding: Binding;
  /** What it is known to yield; a value of the process is `any`. */
  readonly yields: 'boolean' | 'number' | 'text' | 'any';
  /** Parts of a text that is being joined. */
  readonly parts?: readonly string[];
}

export const piece = (text: string, bound: Binding, yields: Piece['yields'] = 'any'): Piece => ({
  text,
  binding: bound,
  yields,
});
/** The piece's text where at least `least` is needed. */
export const within = (inner: Piece, least: Binding): string =>
  inner.binding < least ? `(${inner.text})` : inner.text;

export const textLiteral = (value: string): string => JSON.stringify(value);

/** A call of a FEEL function. */
export const call = (name: string, args: readonly string[], yields: Piece['yields'] = 'any'): Piece =>
  piece(`${name}(${args.join(', ')})`, binding.postfix, yields);

/** A text of several parts; `string join` leaves out nulls, as JUEL writes them as nothing (JSR 245 §1.18.2). */
export const joined = (parts: readonly string[]): Piece => ({
  ...call('string join', [`[${parts.join(', ')}]`], 'text'),
  parts,
});
/** The parts a piece brings into a joined text. */
export const partsOf = (inner: Piece): readonly string[] =>
  inner.parts ?? [inner.yields === 'text' ? inner.text : `string(${inner.text})`];

const plainName = /^[\p{L}_][\p{L}\p{N}_]*$/u;
/** Words that FEEL's grammar keeps for itself. */
const feelWords: ReadonlySet<string> = new Set(
  'and between else every external false for function if in instance not null of or return satisfies some then true'.split(
    ' ',
  ),
);
/** A variable or the key of a context; backticks where FEEL would read it otherwise (Camunda's extension of FEEL). */
export const nameText = (name: string): string =>
  plainName.test(name) && !feelWords.has(name) ? name : `\`${name.replaceAll('`', '')}\``;
