/** Methods and functions that have an equal in FEEL; every other one needs a person. */
import { NotTranslatable, type JuelNode } from './ast.ts';
import { binding, call, nameText, piece, within, type Piece } from './piece.ts';

/** Translates an inner expression. */
export type Inner = (node: JuelNode) => Piece;

type Method = (target: Piece, args: readonly Piece[], raw: readonly JuelNode[]) => Piece;

const argument = (args: readonly Piece[]): Piece => args[0] ?? piece('null', binding.postfix);
const compared = (left: string, right: string): Piece => piece(`${left} = ${right}`, binding.comparison, 'boolean');
const same: Method = (target) => target;
const feel =
  (name: string, yields: Piece['yields']): Method =>
  (target, args) =>
    call(
      name,
      [target, ...args].map((part) => part.text),
      yields,
    );

/** Java's String, List and Map: their own documentation (java.lang, java.util), Java 17. */
const javaMethods: Readonly<Record<string, Method>> = {
  'equals/1': (target, args) => compared(within(target, binding.sum), within(argument(args), binding.sum)),
  'equalsIgnoreCase/1': (target, args) => compared(`lower case(${target.text})`, `lower case(${argument(args).text})`),
  'startsWith/1': feel('starts with', 'boolean'),
  'endsWith/1': feel('ends with', 'boolean'),
  'toLowerCase/0': feel('lower case', 'text'),
  'toUpperCase/0': feel('upper case', 'text'),
  'trim/0': feel('trim', 'text'),
  'length/0': feel('string length', 'number'),
  'toString/0': feel('string', 'text'),
  'size/0': feel('count', 'number'),
  'isEmpty/0': (target) => call('list contains', ['["", [], {}]', target.text], 'boolean'),
  // Which of the two Java means depends on the value.
  'contains/1': (target, args) => {
    const [whole, part] = [target.text, argument(args).text];
    const choice = `if ${whole} instance of string then contains(${whole}, ${part}) else list contains(${whole}, ${part})`;
    return piece(choice, binding.choice, 'boolean');
  },
};
/** Camunda Spin: a JSON value is an ordinary value here, so its wrappers fall away. */
const spinMethods: Readonly<Record<string, Method>> = {
  'prop/1': (target, _args, raw) => {
    const key = raw[0];
    if (key?.type !== 'text') throw new NotTranslatable('METHOD', 'prop');
    return piece(`${within(target, binding.postfix)}.${nameText(key.value)}`, binding.postfix);
  },
  'stringValue/0': same,
  'numberValue/0': same,
  'boolValue/0': same,
  'value/0': same,
  'elements/0': same,
};
/** The result of a decision with one output is the value itself here. */
const decisionMethods: Readonly<Record<string, Method>> = { 'getSingleEntry/0': same };

/** Joda-Time's DateTime, `${dateTime().plusDays(3).toDate()}`: unit → ISO 8601 duration. */
const timeUnits: Readonly<Record<string, readonly [prefix: string, suffix: string]>> = {
  Years: ['P', 'Y'],
  Months: ['P', 'M'],
  Weeks: ['P', 'W'],
  Days: ['P', 'D'],
  Hours: ['PT', 'H'],
  Minutes: ['PT', 'M'],
  Seconds: ['PT', 'S'],
};
const daysPerWeek = 7;

function timeMoved(target: Piece, name: string, amount: JuelNode | undefined): Piece | null {
  const operator = name.startsWith('plus') ? '+' : name.startsWith('minus') ? '-' : null;
  const unit = name.replace(/^(?:plus|minus)/, '');
  const shape = Object.hasOwn(timeUnits, unit) ? timeUnits[unit] : undefined;
  if (operator === null || shape === undefined || amount?.type !== 'number' || !/^\d+$/.test(amount.source))
    return null;
  const [prefix, suffix] = unit === 'Weeks' ? ['P', 'D'] : shape;
  const count = unit === 'Weeks' ? Number(amount.source) * daysPerWeek : amount.source;
  return piece(`${within(target, binding.sum)} ${operator} duration("${prefix}${count}${suffix}")`, binding.sum);
}
const isClock = (target: Piece): boolean => target.text.startsWith('now()');

/** `target.name(args)`. */
export function methodCall(target: JuelNode, name: string, raw: readonly JuelNode[], inner: Inner): Piece {
  const key = `${name}/${raw.length}`;
  const translated = inner(target);
  if (isClock(translated)) {
    const moved = name === 'toDate' && raw.length === 0 ? translated : timeMoved(translated, name, raw[0]);
    if (moved !== null) return moved;
  }
  const onDecision = target.type === 'name' && target.name === 'decisionResult' ? decisionMethods : {};
  for (const table of [javaMethods, spinMethods, onDecision]) {
    const method = Object.hasOwn(table, key) ? table[key] : undefined;
    if (method !== undefined) return method(translated, raw.map(inner), raw);
  }
  throw new NotTranslatable('METHOD', `${name}(…)`);
}

/** A function: those of camunda-engine (`now`, `dateTime`) and the wrappers of Spin. */
export function functionCall(name: string, raw: readonly JuelNode[], inner: Inner): Piece {
  const only = raw[0];
  if ((name === 'now' || name === 'dateTime') && only === undefined) return call('now', []);
  if ((name === 'S' || name === 'JSON') && raw.length === 1 && only !== undefined && only.type !== 'text') {
    return inner(only);
  }
  throw new NotTranslatable('METHOD', `${name}(…)`);
}
