/** Variables. */
import type { z } from 'zod';
import type { variable, variableEndpoints } from '#contract/variable.ts';
import { scopeChain, searchVariables } from '#db/queries/instances.ts';
import type { FoundVariable } from '#db/queries/instances.ts';
import { instanceOf, sequenceOf } from '#engine/keys.ts';
import { assertRunning, visibleInstance, wasDone } from '../commands.ts';
import { noContent } from '../handler.ts';
import type { HandlersOf } from '../handler.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { notFound } from '../refusal.ts';
import { repair } from '../repairs.ts';
import { assertFit } from '../sizes.ts';

/** Characters of a value in a search, as Camunda cuts them. */
const shownLength = 8_191;

export function variableView(row: FoundVariable, truncate: boolean): z.output<typeof variable> {
  const isTruncated = truncate && row.value.length > shownLength;
  return {
    ...row,
    value: isTruncated ? row.value.slice(0, shownLength) : row.value,
    isTruncated,
    tenantId: '<default>',
  };
}

export const variableHandlers: HandlersOf<typeof variableEndpoints> = {
  searchVariables: async ({ query, body, db }) => {
    const { tenantId: _, isTruncated: __, ...columns } = body.filter ?? {};
    const found = await db((client) => searchVariables(client, columns, null, body));
    return { items: found.rows.map((row) => variableView(row, query.truncateValues ?? true)), page: found.page };
  },
  setElementInstanceVariables: async (call) => {
    const { params, body, db } = call;
    const { elementInstanceKey } = params;
    assertNoCitizenNumber(body.variables);
    assertFit(body.variables);
    const instance = await db(async (client) => {
      const found = await visibleInstance(client, instanceOf(elementInstanceKey));
      if (await wasDone(client, call, found.processInstanceKey)) return null;
      assertRunning(found);
      if (elementInstanceKey !== found.processInstanceKey) {
        const chain = await scopeChain(client, found.processInstanceKey, elementInstanceKey);
        if (chain[0] !== elementInstanceKey) throw notFound();
      }
      return found;
    });
    if (instance === null) return noContent;
    const { variables, local } = body;
    const scope = sequenceOf(elementInstanceKey);
    return repair(call, { instance, command: { type: 'setVariables', scope, variables, local: local === true }, body });
  },
};
