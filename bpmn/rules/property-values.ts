import type { Rule } from '../context.ts';
import { propertiesOf } from '../extensions.ts';

/** Properties of Alur with a fixed choice of values. */
const choices: Readonly<Record<string, readonly string[]>> = {
  'alur.compensationOrder': ['sequential', 'parallel'],
  'alur.implicitStart': ['true', 'false'],
  'alur.uniqueBusinessKey': ['true', 'false'],
};

/** A typing error must not switch off what was asked for. */
export const propertyValues: Rule = ({ graph, log }) => {
  const process = { id: graph.processId, type: 'process', element: graph.process };
  for (const node of [process, ...graph.nodes.values()]) {
    const { id, element } = node;
    const properties = propertiesOf(element, { log, node });
    for (const [name, allowed] of Object.entries(choices)) {
      const value = properties[name];
      if (value !== undefined && !allowed.includes(value)) {
        log.add('PROPERTY_VALUE', id, { name, value, allowed: allowed.join(', ') });
      }
    }
  }
};
