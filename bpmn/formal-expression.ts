/** Expressions written as BPMN elements (`bpmn:tFormalExpression`), such as conditions. BPMN 2.0.2 §8.4.6. */
import type { Expression, FeelExpression } from '#engine/model.ts';
import { isFeel, feelOf, optionalFeel, staticOf, type ExpressionPlace } from './expression.ts';
import { filled, text, type ModdleElement } from './moddle.ts';

const feelLanguages = /^(?:feel|https?:\/\/www\.omg\.org\/spec\/(?:DMN\/\d+\/FEEL|FEEL\/.*)\/?)$/i;

/** FEEL; null: absent, or a problem was reported. A text whose `language` says FEEL needs no leading `=`. */
export function formalExpression(element: ModdleElement | null, place: ExpressionPlace): FeelExpression | null {
  if (element === null) return null;
  const language = filled(element, 'language');
  const source = filled(element, 'body');
  if (language !== null && !feelLanguages.test(language)) {
    place.log.add('EXPRESSION_LANGUAGE', place.elementId, { language });
    return null;
  }
  if (source === null) {
    place.log.add('EXPRESSION_MISSING', place.elementId, { property: place.property });
    return null;
  }
  return language !== null && !isFeel(source) ? feelOf(`=${source}`, place) : optionalFeel(source, place);
}

/** As `formalExpression`, but a whole number may stand as it is. */
export function formalNumber(element: ModdleElement | null, place: ExpressionPlace): Expression | null {
  const source = element === null ? null : (text(element, 'body')?.trim() ?? '');
  return source !== null && /^\d{1,15}$/.test(source) ? staticOf(Number(source)) : formalExpression(element, place);
}
