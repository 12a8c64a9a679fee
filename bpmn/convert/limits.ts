/** Bounds of a conversion, beside those of bpmn/limits.ts on the file itself. Past one: the text is left as it is, for a person. */
export const convertLimits = {
  /** Characters of one expression or script that is translated. */
  expressionLength: 10_000,
  /** Nesting of one expression. */
  expressionDepth: 100,
  /** Operators of one precedence side by side, and steps of one path. */
  expressionTerms: 500,
  /** Characters of a model's text that the report repeats. */
  quotedLength: 500,
  /** Nested lists, maps and scripts of one parameter. */
  parameterDepth: 20,
} as const;
