import type { Rule } from '../context.ts';
import { isReserved } from '../variables.ts';

/** Ids become keys of JSON objects. That they are unique is checked when the file is read. */
export const elementIds: Rule = ({ graph, log }) => {
  const flows = graph.flows.map((flow) => flow.id);
  for (const id of [graph.processId, ...graph.nodes.keys(), ...flows])
    if (isReserved(id)) log.add('RESERVED_ID', id, { id });
};
