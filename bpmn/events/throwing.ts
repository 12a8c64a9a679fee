/** What throw and end events do. BPMN 2.0.2 §10.5.3, §10.5.4, §10.5.5. */
import type { EndingResult, SingleResult } from '#engine/model.ts';
import type { TransformContext } from '../context.ts';
import { triggersOf, type ModdleElement } from '../moddle.ts';
import { compensationOf } from './compensation.ts';
import { thrownErrorOf } from './error.ts';
import { thrownEscalationOf } from './escalation.ts';
import { named } from './named.ts';
import { sendOf } from './message.ts';
import { definitionKind, legalKind } from './positions.ts';
import { signalOf } from './signal.ts';

export type ThrowResult = SingleResult | EndingResult;
type ResultType = ThrowResult['type'];

const ending: readonly ResultType[] = ['terminate', 'error', 'cancel'];
export const isEnding = (result: ThrowResult): result is EndingResult => ending.includes(result.type);

/** Everything the event does, what ends more than its token last; null: refused and reported. */
export function resultsOf(element: ModdleElement, context: TransformContext): readonly ThrowResult[] | null {
  if (legalKind(element, context) === null) return null;
  const definitions = triggersOf(element);
  const results: ThrowResult[] = [];
  for (const definition of definitions) {
    const result = singleResult(element, definition, context);
    if (result !== null) results.push(result);
  }
  if (results.length < definitions.length) return null;
  return [...results.filter((result) => !isEnding(result)), ...results.filter(isEnding)];
}

interface ResultPlace {
  readonly element: ModdleElement;
  readonly context: TransformContext;
}
type Reader<Type> = (
  definition: ModdleElement,
  place: ResultPlace,
) => Omit<Extract<ThrowResult, { type: Type }>, 'type'> | null;
const plain = () => ({});

/** What each kind of definition says. */
const readers: { readonly [Type in ResultType]: Reader<Type> } = {
  message: (definition, { element, context }) => named('send', sendOf(element, definition, context)),
  signal: (definition, { context }) => named('signal', signalOf(definition, context, false)),
  escalation: (definition, { context }) => named('escalation', thrownEscalationOf(definition, context)),
  error: (definition, { context }) => named('error', thrownErrorOf(definition, context)),
  compensation: compensationOf,
  link: plain,
  terminate: plain,
  cancel: plain,
};

function singleResult(
  element: ModdleElement,
  definition: ModdleElement,
  context: TransformContext,
): ThrowResult | null {
  const type = definitionKind(definition);
  if (type === null || !Object.hasOwn(readers, type)) return null;
  const read: Reader<ResultType> = readers[type as ResultType];
  const rest = read(definition, { element, context });
  return rest === null ? null : ({ type, ...rest } as ThrowResult);
}
