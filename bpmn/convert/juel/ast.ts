/** Syntax tree of an expression of the Unified Expression Language (JSR 245), as Camunda 7 reads it with JUEL. */
export type JuelBinary = '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';
export type JuelUnary = '!' | '-' | 'empty';

export type JuelNode =
  | { readonly type: 'text'; readonly value: string }
  /** As written: digits are never rounded here. */
  | { readonly type: 'number'; readonly source: string }
  | { readonly type: 'constant'; readonly value: boolean | null }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'property'; readonly target: JuelNode; readonly name: string }
  | { readonly type: 'index'; readonly target: JuelNode; readonly index: JuelNode }
  /** A method of `target`; a function when that is null. */
  | {
      readonly type: 'call';
      readonly target: JuelNode | null;
      readonly name: string;
      readonly args: readonly JuelNode[];
    }
  | { readonly type: 'unary'; readonly operator: JuelUnary; readonly operand: JuelNode }
  | { readonly type: 'binary'; readonly operator: JuelBinary; readonly left: JuelNode; readonly right: JuelNode }
  | {
      readonly type: 'choice';
      readonly condition: JuelNode;
      readonly whenTrue: JuelNode;
      readonly whenFalse: JuelNode;
    };

/** Thrown inside the translator; its callers turn it into a finding. `detail`: the piece of source that is meant. */
export class NotTranslatable extends Error {
  readonly code: 'SYNTAX' | 'TOO_LONG' | 'METHOD' | 'INDEX' | 'PLATFORM_OBJECT' | 'LOOP_VARIABLE' | 'TRUTHINESS';
  readonly detail: string;
  constructor(code: NotTranslatable['code'], detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}
