/** Whether everything in the histories of open cases can still be read: a payload that cannot is a case that stops at its next replay. */
import type { Client } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';

const callMs = 20_000;

function* payloadsIn(value: unknown): Generator<Payload> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if ('metadata' in value && 'data' in value) {
    yield value as Payload;
    return;
  }
  for (const part of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) yield* payloadsIn(part);
}

/** Why the history of the latest run cannot be read; null: it can. */
export async function unreadable(client: Client, codec: PayloadCodec, workflowId: string): Promise<string | null> {
  const { namespace } = client.options;
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const token = nextPageToken;
    const page = await client.withDeadline(Date.now() + callMs, () =>
      client.workflowService.getWorkflowExecutionHistory({
        namespace,
        execution: { workflowId },
        nextPageToken: token,
      }),
    );
    for (const payload of payloadsIn(page.history?.events ?? [])) {
      try {
        await codec.decode([payload]);
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    }
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
  return null;
}
