/** Local activity: which definition a call activity means, and the key of the instance to start. Its result holds keys only. */
import type { Pool } from 'pg';
import { callDepth, calledDefinition, newInstanceKey } from '#db/queries/start-definition.ts';
import type { CalledProcess, StartDefinition } from '#db/queries/start-definition.ts';
import { limits } from '#engine/limits.ts';

export interface DefinitionRequest extends CalledProcess {
  readonly callerInstanceKey: string;
}
export type ResolvedDefinition =
  | ({ readonly isFound: true; readonly instanceKey: string } & Pick<
      StartDefinition,
      'definitionKey' | 'version' | 'modelSha256'
    >)
  | { readonly isFound: false; readonly message: string };
export type ResolveDefinition = (request: DefinitionRequest) => Promise<ResolvedDefinition>;

export const createResolveDefinition =
  (pool: Pool): ResolveDefinition =>
  async (request) => {
    const { processId } = request;
    const definition = await calledDefinition(pool, request);
    if (definition === null)
      return { isFound: false, message: `No version of process ${processId} with this binding is published.` };
    if (definition.suspendedReason !== null)
      return { isFound: false, message: `Process ${processId} is on hold: ${definition.suspendedReason}` };
    const depth = await callDepth(pool, request.callerInstanceKey, limits.callDepth);
    if (depth >= limits.callDepth)
      return { isFound: false, message: `More than ${limits.callDepth} instances would call each other.` };
    const { definitionKey, version, modelSha256 } = definition;
    return { isFound: true, instanceKey: await newInstanceKey(pool), definitionKey, version, modelSha256 };
  };
