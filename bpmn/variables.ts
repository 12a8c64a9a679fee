/** Names that a model may give to variables, elements, headers and properties. */

/** Names that every JavaScript object answers to: as keys of a JSON object they would be read wrongly. */
const inherited = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);
/** Words FEEL reads otherwise. */
const feelWords = new Set([
  'null',
  'true',
  'false',
  'function',
  'if',
  'then',
  'else',
  'for',
  'between',
  'instance',
  'of',
  'not',
]);

const variablePattern = /^[\p{L}_][\p{L}\p{N}_]*$/u;

export const isReserved = (name: string): boolean => inherited.has(name);
export const isVariable = (name: string): boolean =>
  variablePattern.test(name) && !isReserved(name) && !feelWords.has(name);
/** `hasil.skor`: segments separated by dots, each a variable name. */
export const isVariablePath = (path: string): boolean => path.split('.').every(isVariable);
