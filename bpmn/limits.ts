/** Every bound on what an uploaded model may contain, by name. Past one: the model is refused with a problem that names the bound. */
export const limits = {
  /** UTF-8 bytes of one BPMN, DMN or form file. */
  sourceBytes: 4 * 1024 * 1024,
  /** Nesting of XML elements. */
  depth: 100,
  /** XML elements of one file, diagram included. */
  elements: 20_000,
  /** Attributes of one XML element. */
  attributes: 100,
  /** Ids and names of XML elements. */
  idLength: 255,
  /** Elements times characters up to which all unreadable places of a file are listed, not only the first. */
  laxCost: 2_000_000_000,
  /** Problems listed in one report. */
  problems: 1_000,
  /** Files of one deployment. */
  deploymentFiles: 200,
  /** Components of one form, nested ones included. */
  formComponents: 1_000,
} as const;
