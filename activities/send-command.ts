/** Sends a command to an instance and learns what became of it; the key makes a repetition harmless. */
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Rejection } from '#engine/command.ts';
import { commandUpdate, migrationMessage, workflowIdOf } from '#workflows/messages.ts';
import type { InstanceCommand } from '#workflows/messages.ts';

export type CommandResult =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'rejected'; readonly rejection: Rejection }
  | { readonly outcome: 'gone' };

export interface CommandToInstance {
  readonly instanceKey: string;
  readonly processId: string;
  /** Idempotency key. */
  readonly key: string;
  readonly command: InstanceCommand;
  /** Whose command it is; absent: the system's. */
  readonly actor?: string;
  /** Of a change by hand: why. */
  readonly reason?: string;
  /** Of a migration: hex SHA-256 of the model to follow. */
  readonly modelSha256?: string;
}

/** Throws when it is unknown what became of the command: then it is to be sent again. */
export async function sendCommand(
  client: Client,
  { instanceKey, processId, key, command, actor = 'system', reason, modelSha256 }: CommandToInstance,
): Promise<CommandResult> {
  const handle = client.workflow.getHandle(workflowIdOf(processId, instanceKey));
  const message = { key, actor, ...(reason === undefined ? {} : { reason }), command };
  try {
    const answer = await handle.executeUpdate(commandUpdate, {
      updateId: key,
      args: [modelSha256 === undefined ? message : migrationMessage(modelSha256, message)],
    });
    return answer.accepted ? { outcome: 'accepted' } : { outcome: 'rejected', rejection: answer.rejection };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { outcome: 'gone' };
    const rejection = rejectionOf(error);
    if (rejection === null) throw error;
    return { outcome: 'rejected', rejection };
  }
}

function rejectionOf(error: unknown): Rejection | null {
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  const { cause } = error;
  return cause instanceof ApplicationFailure && cause.type === 'Rejection'
    ? ((cause.details?.[0] as Rejection | undefined) ?? null)
    : null;
}
