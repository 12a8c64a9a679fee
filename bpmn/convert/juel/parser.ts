/** Tokens → syntax tree, by recursive descent with the precedences of JSR 245 §1.14. Linear, of bounded depth. */
import { convertLimits } from '../limits.ts';
import { NotTranslatable, type JuelBinary, type JuelNode } from './ast.ts';
import { tokenAt, type Token } from './tokens.ts';

/** Binary operators, the loosest first. */
const levels: readonly (readonly JuelBinary[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];
const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** A reader of one expression inside a text. */
export class JuelParser {
  readonly #source: string;
  #token: Token;
  #depth = 0;

  constructor(source: string, at: number) {
    if (source.length > convertLimits.expressionLength) {
      throw new NotTranslatable('TOO_LONG', String(convertLimits.expressionLength));
    }
    this.#source = source;
    this.#token = tokenAt(source, at);
  }

  /** The expression up to `}`, and the offset behind that. */
  inBraces(): { readonly node: JuelNode; readonly end: number } {
    const node = this.#expression();
    const { end } = this.#token;
    if (!this.#isSign('}')) throw this.#unexpected();
    return { node, end };
  }
  /** The expression that is the whole text; a semicolon may stand behind it. */
  whole(): JuelNode {
    const node = this.#expression();
    this.#accept(';');
    if (this.#token.kind !== 'end') throw this.#unexpected();
    return node;
  }

  #expression(): JuelNode {
    if (++this.#depth > convertLimits.expressionDepth) {
      throw new NotTranslatable('TOO_LONG', String(convertLimits.expressionDepth));
    }
    const condition = this.#binary(0);
    const node = this.#accept('?') ? this.#choice(condition) : condition;
    this.#depth--;
    return node;
  }
  #choice(condition: JuelNode): JuelNode {
    const whenTrue = this.#expression();
    this.#expect(':');
    return { type: 'choice', condition, whenTrue, whenFalse: this.#expression() };
  }
  #binary(level: number): JuelNode {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (let terms = 0; terms < convertLimits.expressionTerms; terms++) {
      const operator = operators.find((candidate) => this.#accept(candidate));
      if (operator === undefined) return left;
      left = { type: 'binary', operator, left, right: this.#binary(level + 1) };
    }
    throw new NotTranslatable('TOO_LONG', String(convertLimits.expressionTerms));
  }
  /** Prefixes are gathered in a loop: a thousand of them are no recursion. */
  #unary(): JuelNode {
    const operators: ('!' | '-' | 'empty')[] = [];
    for (;;) {
      if (this.#accept('!')) operators.push('!');
      else if (this.#accept('-')) operators.push('-');
      else if (this.#acceptWord('empty')) operators.push('empty');
      else break;
      if (operators.length > convertLimits.expressionDepth) throw this.#unexpected();
    }
    return operators.reduceRight<JuelNode>(
      (operand, operator) => ({ type: 'unary', operator, operand }),
      this.#postfix(),
    );
  }
  #postfix(): JuelNode {
    let node = this.#primary();
    for (let steps = 0; steps < convertLimits.expressionTerms; steps++) {
      if (this.#accept('.')) {
        const name = this.#word();
        node = this.#accept('(')
          ? { type: 'call', target: node, name, args: this.#args() }
          : { type: 'property', target: node, name };
      } else if (this.#accept('[')) {
        node = { type: 'index', target: node, index: this.#expression() };
        this.#expect(']');
      } else return node;
    }
    throw new NotTranslatable('TOO_LONG', String(convertLimits.expressionTerms));
  }
  #primary(): JuelNode {
    const { kind, value } = this.#token;
    if (kind === 'text' || kind === 'number') {
      this.#next();
      return kind === 'text' ? { type: 'text', value } : { type: 'number', source: value };
    }
    if (this.#accept('(')) {
      const node = this.#expression();
      this.#expect(')');
      return node;
    }
    const name = this.#word();
    const constant = constants.get(name);
    if (constant !== undefined) return { type: 'constant', value: constant };
    return this.#accept('(') ? { type: 'call', target: null, name, args: this.#args() } : { type: 'name', name };
  }
  #args(): JuelNode[] {
    const args: JuelNode[] = [];
    if (this.#accept(')')) return args;
    do args.push(this.#expression());
    while (this.#accept(','));
    this.#expect(')');
    return args;
  }

  #next(): void {
    this.#token = tokenAt(this.#source, this.#token.end);
  }
  #isSign(value: string): boolean {
    return this.#token.kind === 'sign' && this.#token.value === value;
  }
  #accept(value: string): boolean {
    const found = this.#isSign(value);
    if (found) this.#next();
    return found;
  }
  #acceptWord(value: string): boolean {
    const found = this.#token.kind === 'word' && this.#token.value === value;
    if (found) this.#next();
    return found;
  }
  #expect(value: string): void {
    if (!this.#accept(value)) throw this.#unexpected();
  }
  #word(): string {
    const { kind, value } = this.#token;
    if (kind !== 'word') throw this.#unexpected();
    this.#next();
    return value;
  }
  #unexpected(): NotTranslatable {
    const { value, end } = this.#token;
    return new NotTranslatable('SYNTAX', value === '' ? '…' : this.#source.slice(end - value.length, end + 20));
  }
}
