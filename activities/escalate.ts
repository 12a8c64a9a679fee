/** Escalations that nothing in a called instance caught, told to its caller as commands, in order. Repeating it changes nothing. */
import type { Client } from '@temporalio/client';
import type { ParentLink } from '#engine/command.ts';
import type { Variables } from '#engine/json.ts';
import { sendCommand } from './send-command.ts';

export interface Escalations {
  readonly parent: ParentLink;
  readonly instanceKey: string;
  readonly escalations: readonly {
    /** Number of the fact, which makes the command's key. */
    readonly number: number;
    readonly code: string;
    readonly variables: Variables;
  }[];
}
export type Escalate = (report: Escalations) => Promise<void>;

export const createEscalate =
  (client: Client): Escalate =>
  async ({ parent, instanceKey, escalations }) => {
    for (const { number, code, variables } of escalations) {
      const command = { type: 'throwEscalation', element: parent.element, code, variables } as const;
      const { instanceKey: parentKey, processId } = parent;
      const key = `escalation/${instanceKey}/${number}`;
      const order = { instanceKey: parentKey, processId, key, command };
      const result = await sendCommand(client, order);
      // The caller cannot hold the variables; the escalation itself is not lost. Refused otherwise: the call activity is over.
      if (result.outcome === 'rejected' && result.rejection.code === 'tooLarge')
        await sendCommand(client, { ...order, key: `${key}/bare`, command: { ...command, variables: {} } });
    }
  };
