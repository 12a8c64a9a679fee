import type { Rule } from '../context.ts';
import { propertiesOf } from '../extensions.ts';

/** Properties of Alur with a fixed choice of values. */
const choices: Readonly<Record<string, readonly string[]>> = {
  'alur.compensationOrder': ['sequential', 'parallel'],
  'alur.implicitStart': ['true', 'false'],
};

/** A typing error must not switch off what was asked for. */
export const propertyValues: Rule = ({ graph, log }) => {
  const elements = [{ id: graph.processId, element: graph.process }, ...graph.nodes.values()];
  for (const { id, element } of elements) {
    const properties = propertiesOf(element, { log, node: { id } });
    for (const [name, allowed] of Object.entries(choices)) {
      const value = properties[name];
      if (value !== undefined && !allowed.includes(value)) {
        log.add('PROPERTY_VALUE', id, { name, value, allowed: allowed.join(', ') });
      }
    }
  }
};
