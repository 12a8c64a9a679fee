/** Function invocation: closures, built-ins, decision services. DMN 1.5 §10.3.2.13.2-3. */
import type { FeelNode, FeelParameter } from './ast.ts';
import { builtins } from './builtins/index.ts';
import { fits } from './builtins/signature.ts';
import type { Compiler, NodeOf, Program } from './program.ts';
import { coerce, convertTo } from './types.ts';
import { FunctionValue, entryOf, isContext, typeName } from './value.ts';
import type { Builtin, Closure, Environment, Evaluation, Signature, Value } from './value.ts';

export function callNode(node: NodeOf<'call'>, compiler: Compiler): Program {
  const { target, names } = node;
  const [first] = node.args;
  if (target.type === 'name' && target.name === 'is defined' && first !== undefined) return isDefined(first, compiler);
  const calleeOf = calleeProgram(target, compiler);
  const args = node.args.map(compiler.program);
  return (frame, evaluation) => {
    const callee = calleeOf(frame, evaluation);
    if (!(callee instanceof FunctionValue))
      return evaluation.warn(calleeProblem(target, callee), 'UNKNOWN_FUNCTION', nameIn(target));
    const given = args.map((argument) => argument(frame, evaluation));
    return names === null ? invoke(callee, given, evaluation) : invokeNamed(callee, names, given, evaluation);
  };
}

/** A name that is both a variable and a built-in function is the function where it is called. */
function calleeProgram(target: FeelNode, compiler: Compiler): Program {
  if (target.type !== 'name') return compiler.program(target);
  const { name } = target;
  const builtin = builtins.get(name);
  return (frame, evaluation) => {
    const found = evaluation.resolve(name, frame);
    return found instanceof FunctionValue ? found : (builtin ?? found ?? null);
  };
}
const nameIn = (target: FeelNode): string | undefined => (target.type === 'name' ? target.name : undefined);
const calleeProblem = (target: FeelNode, callee: Value): string =>
  target.type === 'name' ? `function '${target.name}' is not known` : `${typeName(callee)} is no function`;

/** Camunda's `is defined`: whether a variable or entry exists, whatever its value. */
function isDefined(node: FeelNode, compiler: Compiler): Program {
  if (node.type === 'name') return (frame, evaluation) => evaluation.resolve(node.name, frame) !== undefined;
  const value = compiler.program(node.type === 'path' ? node.target : node);
  if (node.type !== 'path') return (frame, evaluation) => value(frame, evaluation) !== null;
  const targetIsDefined = isDefined(node.target, compiler);
  return (frame, evaluation) => {
    if (targetIsDefined(frame, evaluation) !== true) return false;
    const target = value(frame, evaluation);
    return isContext(target) && entryOf(target, node.name) !== undefined;
  };
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
    if (signature.byName === true) continue;
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
  return coerce(
    result,
    closure.result,
    evaluation,
    `the function's result is ${typeName(result)}, not of the declared type`,
  );
}
