/** Function invocation: closures, built-ins, decision services. DMN 1.5 §10.3.2.13.2-3. */
import type { FeelNode, FeelParameter } from './ast.ts';
import { builtins } from './builtins/index.ts';
import { fits } from './builtins/signature.ts';
import { convertTo } from './types.ts';
import { FunctionValue, entryOf, isContext, typeName } from './value.ts';
import type { Builtin, Closure, Environment, Evaluation, Frame, Signature, Value } from './value.ts';

type NodeOf<T extends FeelNode['type']> = FeelNode & { readonly type: T };

export function callNode(node: NodeOf<'call'>, frame: Frame | null, evaluation: Evaluation): Value {
  const first = node.args[0];
  if (node.target.type === 'name' && node.target.name === 'is defined' && first !== undefined)
    return isDefined(first, frame, evaluation);
  const callee = calleeOf(node.target, frame, evaluation);
  if (!(callee instanceof FunctionValue)) return evaluation.warn(calleeProblem(node.target, callee));
  const args = node.args.map((argument) => evaluation.evaluate(argument, frame));
  if (node.names === null) return invoke(callee, args, evaluation);
  return invokeNamed(callee, node.names, args, evaluation);
}

/** A name that is both a variable and a built-in function is the function where it is called. */
function calleeOf(target: FeelNode, frame: Frame | null, evaluation: Evaluation): Value {
  if (target.type !== 'name') return evaluation.evaluate(target, frame);
  const found = evaluation.resolve(target.name, frame);
  return found instanceof FunctionValue ? found : (builtins.get(target.name) ?? found ?? null);
}
const calleeProblem = (target: FeelNode, callee: Value): string =>
  target.type === 'name' ? `function '${target.name}' is not known` : `${typeName(callee)} is no function`;

/** Camunda's `is defined`: whether a variable or entry exists, whatever its value. */
function isDefined(node: FeelNode, frame: Frame | null, evaluation: Evaluation): boolean {
  if (node.type === 'name') return evaluation.resolve(node.name, frame) !== undefined;
  if (node.type !== 'path') return evaluation.evaluate(node, frame) !== null;
  if (!isDefined(node.target, frame, evaluation)) return false;
  const target = evaluation.evaluate(node.target, frame);
  return isContext(target) && entryOf(target, node.name) !== undefined;
}

export function invoke(callee: FunctionValue, args: readonly Value[], evaluation: Evaluation): Value {
  const of = callee.of;
  if (of.kind === 'builtin') return invokeBuiltin(of, args, evaluation);
  const bound = bindArguments(of.params, args, evaluation);
  if (bound === null) return null;
  return of.kind === 'host' ? of.run(bound) : invokeClosure(of, bound, evaluation);
}

function invokeNamed(
  callee: FunctionValue,
  names: readonly string[],
  args: readonly Value[],
  evaluation: Evaluation,
): Value {
  if (new Set(names).size !== names.length) return evaluation.warn('an argument is named twice');
  const of = callee.of;
  const candidates = of.kind === 'builtin' ? of.signatures : [of];
  for (const candidate of candidates) {
    const params: readonly { readonly name: string; readonly optional?: boolean }[] = candidate.params;
    if (!names.every((name) => params.some((param) => param.name === name))) continue;
    const ordered = params.map((param) => {
      const index = names.indexOf(param.name);
      return index < 0 ? undefined : (args[index] ?? null);
    });
    if (ordered.some((value, index) => value === undefined && params[index]?.optional !== true)) continue;
    if (of.kind === 'builtin') {
      const result = tryBuiltin(candidate as Signature, ordered, evaluation);
      if (result !== undefined) return result;
      continue;
    }
    return invoke(
      callee,
      ordered.map((value) => value ?? null),
      evaluation,
    );
  }
  return evaluation.warn(`${nameOf(callee)} has no parameters ${names.join(', ')} for these values`);
}
const nameOf = (callee: FunctionValue): string =>
  callee.of.kind === 'closure' ? 'the function' : `'${callee.of.name}'`;

function invokeBuiltin(builtin: Builtin, args: readonly Value[], env: Environment): Value {
  for (const signature of builtin.signatures) {
    const result = tryBuiltin(signature, args, env);
    if (result !== undefined) return result;
  }
  return env.warn(`'${builtin.name}' does not take (${args.map(typeName).join(', ')})`);
}
/** undefined: the signature does not take these arguments. */
function tryBuiltin(signature: Signature, args: readonly (Value | undefined)[], env: Environment): Value | undefined {
  const fitted = fits(signature, args);
  return fitted === null ? undefined : signature.run(fitted, env);
}

function bindArguments(
  params: readonly FeelParameter[],
  args: readonly Value[],
  evaluation: Evaluation,
): Value[] | null {
  if (params.length !== args.length)
    return evaluation.warn(`the function takes ${params.length} arguments, not ${args.length}`);
  const bound: Value[] = [];
  for (const [index, param] of params.entries()) {
    const given = args[index] ?? null;
    const value =
      param.type === null
        ? given
        : convertTo(given, param.type, (allowed, item) => evaluation.test(allowed, item, null) === true);
    if (value === undefined)
      return evaluation.warn(`argument '${param.name}' is ${typeName(given)}, not of the declared type`);
    bound.push(value);
  }
  return bound;
}

function invokeClosure(closure: Closure, args: readonly Value[], evaluation: Evaluation): Value {
  let frame = closure.frame;
  for (const [index, param] of closure.params.entries())
    frame = { parent: frame, name: param.name, value: args[index] ?? null };
  const result = evaluation.evaluate(closure.body, frame);
  if (closure.result === null) return result;
  const converted = convertTo(result, closure.result, (allowed, item) => evaluation.test(allowed, item, null) === true);
  return converted === undefined
    ? evaluation.warn(`the function's result is ${typeName(result)}, not of the declared type`)
    : converted;
}
