/** The process itself and the file around it. */
import type { ModdleElement } from '../../moddle.ts';
import { rewritten, take, type Conversion, type ConvertContext } from '../context.ts';
import { setExtension } from '../edit.ts';

export const process: Conversion = (element, context) => {
  const tag = take(element, 'versionTag');
  if (tag !== null) setExtension(element, 'zeebe:VersionTag', { value: rewritten(context, tag) });
  for (const name of ['candidateStarterUsers', 'candidateStarterGroups']) {
    const starters = take(element, name);
    if (starters !== null) context.log.needsPerson(starters, 'STARTERS');
  }
};

/** The process an element belongs to. */
export function processOf(element: ModdleElement): ModdleElement {
  let at = element;
  while (at.$type !== 'bpmn:Process' && at.$parent !== undefined) at = at.$parent;
  return at;
}

export const startEvent: Conversion = (element, context) => {
  const initiator = take(element, 'initiator');
  if (initiator !== null) context.log.needsPerson(initiator, 'INITIATOR');
};

const modelerNamespace = 'http://camunda.org/schema/modeler/1.0';
/** What Camunda Modeler opens the file as, and the version whose elements are written here. */
export const platform = { executionPlatform: 'Camunda Cloud', executionPlatformVersion: '8.8.0' } as const;

/** modeler:executionPlatform; a file that names none gets none. */
export function executionPlatform(definitions: ModdleElement, { log }: ConvertContext): void {
  const attributes = (definitions.$attrs ?? {}) as Record<string, unknown>;
  const declaration = Object.entries(attributes).find(([, uri]) => uri === modelerNamespace)?.[0];
  if (declaration === undefined) return;
  const prefix = declaration.slice('xmlns:'.length);
  const construct = `${prefix}:executionPlatform`;
  const original = attributes[construct];
  if (typeof original !== 'string' || original === platform.executionPlatform) return;
  for (const [name, value] of Object.entries(platform)) attributes[`${prefix}:${name}`] = value;
  log.mapped({ element: definitions, construct, original }, platform.executionPlatform);
}
