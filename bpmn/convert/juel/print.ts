/**
 * Syntax tree → FEEL. Where the two languages differ, and the difference can be seen in the source, the translation is refused
 * (NotTranslatable). What cannot be seen: JUEL turns "5" and 5 into one another and stops at a missing variable; FEEL answers null,
 * which a condition here turns into an incident.
 */
import { NotTranslatable, type JuelBinary, type JuelNode } from './ast.ts';
import { functionCall, methodCall } from './methods.ts';
import { binding, call, joined, nameText, partsOf, piece, textLiteral, within, type Piece } from './piece.ts';

export interface PrintOptions {
  /** `script`: simple Groovy or JavaScript. There, `a || b` is no question of truth but of emptiness. */
  readonly dialect: 'juel' | 'script';
  /** Completion conditions see the counters of their multi-instance activity. */
  readonly insideCompletionCondition: boolean;
}

/** Counters of a multi-instance activity: Camunda 7 → Camunda 8 (docs.camunda.io, "Multi-instance"). */
const counters: ReadonlyMap<string, string> = new Map([
  ['nrOfInstances', 'numberOfInstances'],
  ['nrOfActiveInstances', 'numberOfActiveInstances'],
  ['nrOfCompletedInstances', 'numberOfCompletedInstances'],
]);
/** Java objects of the other engine. */
export const platformObjects: ReadonlySet<string> = new Set([
  'execution',
  'task',
  'externalTask',
  'caseExecution',
  'authenticatedUserId',
  'authorizationService',
  'runtimeService',
  'taskService',
  'historyService',
  'repositoryService',
  'identityService',
]);
const scopes: ReadonlySet<string> = new Set(['execution', 'task']);

const comparisons = { '==': '=', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const;
const isComparison = (operator: JuelBinary): operator is keyof typeof comparisons =>
  Object.hasOwn(comparisons, operator);

/** Throws NotTranslatable. */
export const printFeel = (node: JuelNode, options: PrintOptions): Piece => new Printer(options).print(node);

class Printer {
  readonly #options: PrintOptions;
  constructor(options: PrintOptions) {
    this.#options = options;
  }

  readonly print = (node: JuelNode): Piece => {
    switch (node.type) {
      case 'text':
        return piece(textLiteral(node.value), binding.postfix, 'text');
      case 'number':
        return piece(numberText(node.source), binding.postfix, 'number');
      case 'constant':
        return piece(String(node.value), binding.postfix, node.value === null ? 'any' : 'boolean');
      case 'name':
        return this.#variable(node.name);
      case 'property':
        return this.#property(node.target, node.name);
      case 'index':
        return this.#index(node.target, node.index);
      case 'call':
        return this.#call(node.target, node.name, node.args);
      case 'unary':
        return this.#unary(node.operator, node.operand);
      case 'binary':
        return this.#binary(node.operator, node.left, node.right);
      case 'choice': {
        const condition = this.#truth(node.condition);
        const [whenTrue, whenFalse] = [this.print(node.whenTrue), this.print(node.whenFalse)];
        const yields = whenTrue.yields === whenFalse.yields ? whenTrue.yields : 'any';
        return piece(`if ${condition.text} then ${whenTrue.text} else ${whenFalse.text}`, binding.choice, yields);
      }
    }
  };

  #variable(name: string): Piece {
    if (platformObjects.has(name)) throw new NotTranslatable('PLATFORM_OBJECT', name);
    // Counted from 0 there and from 1 here.
    if (name === 'loopCounter') return piece('loopCounter - 1', binding.sum, 'number');
    const counter = counters.get(name);
    if (counter === undefined) return piece(nameText(name), binding.postfix);
    if (!this.#options.insideCompletionCondition) throw new NotTranslatable('LOOP_VARIABLE', name);
    return piece(counter, binding.postfix, 'number');
  }
  #property(target: JuelNode, name: string): Piece {
    // A list's length in JavaScript, an object's class in Java: no keys of a value.
    if (name === 'class' || (name === 'length' && this.#options.dialect === 'script')) {
      throw new NotTranslatable('METHOD', name);
    }
    return piece(`${within(this.print(target), binding.postfix)}.${nameText(name)}`, binding.postfix);
  }
  #index(target: JuelNode, index: JuelNode): Piece {
    if (index.type === 'text') return this.#property(target, index.value);
    // A name may hold a position or a key, and inside FEEL's brackets it may even mean the item's own.
    if (index.type !== 'number' || !/^\d{1,9}$/.test(index.source)) throw new NotTranslatable('INDEX', '[…]');
    return piece(`${within(this.print(target), binding.postfix)}[${Number(index.source) + 1}]`, binding.postfix);
  }
  #call(target: JuelNode | null, name: string, args: readonly JuelNode[]): Piece {
    if (target === null) return functionCall(name, args, this.print);
    if (target.type === 'name' && scopes.has(target.name)) return this.#scopeCall(target.name, name, args);
    return methodCall(target, name, args, this.print);
  }
  /** `execution.getVariable("x")`. */
  #scopeCall(scope: string, name: string, args: readonly JuelNode[]): Piece {
    const [variable, second] = args;
    if (variable?.type === 'text' && second === undefined) {
      if (name === 'getVariable' || name === 'getVariableLocal') return this.#variable(variable.value);
      if (name === 'hasVariable') return call('is defined', [nameText(variable.value)], 'boolean');
    }
    throw new NotTranslatable('PLATFORM_OBJECT', `${scope}.${name}(…)`);
  }
  #unary(operator: '!' | '-' | 'empty', operand: JuelNode): Piece {
    if (operator === '-') return piece(`-${within(this.print(operand), binding.postfix)}`, binding.prefix, 'number');
    if (operator === '!') return call('not', [this.#truth(operand).text], 'boolean');
    // JSR 245 §1.10: null, the empty text, an empty list or map.
    return call('list contains', ['[null, "", [], {}]', this.print(operand).text], 'boolean');
  }
  #binary(operator: JuelBinary, left: JuelNode, right: JuelNode): Piece {
    if (operator === '&&' || operator === '||') {
      const bound = operator === '&&' ? binding.and : binding.or;
      const [first, second] = [this.#truth(left), this.#truth(right)];
      const word = operator === '&&' ? 'and' : 'or';
      return piece(`${within(first, bound)} ${word} ${within(second, bound)}`, bound, 'boolean');
    }
    if (isComparison(operator)) {
      const [first, second] = [this.#comparand(left, right, operator), this.#comparand(right, left, operator)];
      const sides = [within(first, binding.sum), within(second, binding.sum)];
      return piece(sides.join(` ${comparisons[operator]} `), binding.comparison, 'boolean');
    }
    return operator === '+' ? this.#plus(left, right) : this.#arithmetic(operator, left, right);
  }
  /** A remainder that is only compared with 0 is the same in both languages. */
  #comparand(node: JuelNode, other: JuelNode, operator: JuelBinary): Piece {
    const isZero = other.type === 'number' && Number(other.source) === 0;
    const onlyZero = isZero && (operator === '==' || operator === '!=');
    if (!onlyZero || node.type !== 'binary' || node.operator !== '%') return this.print(node);
    return call('modulo', [this.print(node.left).text, this.print(node.right).text], 'number');
  }
  /** JUEL only adds numbers; a text that is none says that joining was meant, as in Groovy, JavaScript and later EL. */
  #plus(left: JuelNode, right: JuelNode): Piece {
    const [first, second] = [this.print(left), this.print(right)];
    if (first.yields === 'text' || second.yields === 'text') {
      const digits = [left, right].find((node) => node.type === 'text' && /^[\d\s.]+$/.test(node.value));
      if (digits?.type === 'text' && this.#options.dialect === 'juel') {
        throw new NotTranslatable('TRUTHINESS', textLiteral(digits.value));
      }
      return joined([...partsOf(first), ...partsOf(second)]);
    }
    return piece(`${within(first, binding.sum)} + ${within(second, binding.product)}`, binding.sum);
  }
  #arithmetic(operator: '-' | '*' | '/' | '%', left: JuelNode, right: JuelNode): Piece {
    const [first, second] = [this.print(left), this.print(right)];
    if (operator === '-') {
      return piece(`${within(first, binding.sum)} - ${within(second, binding.product)}`, binding.sum, 'number');
    }
    const sides = [within(first, binding.product), within(second, binding.prefix)] as const;
    if (operator !== '%') return piece(sides.join(` ${operator} `), binding.product, 'number');
    // Java's remainder keeps the sign of the dividend, FEEL's modulo that of the divisor.
    const [dividend, divisor] = sides;
    const quotient = `round down(${dividend} / ${divisor}, 0)`;
    return piece(`${within(first, binding.sum)} - ${divisor} * ${quotient}`, binding.sum, 'number');
  }
  #truth(node: JuelNode): Piece {
    const found = this.print(node);
    if (this.#options.dialect === 'script' && found.yields !== 'boolean') {
      throw new NotTranslatable('TRUTHINESS', found.text);
    }
    return found;
  }
}

/** FEEL wants digits on both sides of the point. */
const numberText = (source: string): string => source.replace(/^\./, '0.').replace(/\.(?!\d)/, '');
