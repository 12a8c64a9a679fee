/** Every bound on what an uploaded model may contain, by name. Past one: the model is refused with a problem that names the bound. */
export const limits = {
  /** UTF-8 bytes of one BPMN, DMN or form file. */
  sourceBytes: 4 * 1024 * 1024,
  /** Nesting of XML elements. */
  depth: 100,
  /** XML elements of one file, diagram included. */
  elements: 50_000,
  /** Attributes of one XML element. */
  attributes: 100,
  idLength: 255,
  /** Files of one deployment. */
  deploymentFiles: 200,
  /** Components of one form, nested ones included. */
  formComponents: 1_000,
} as const;
