/** How a called instance ended, told to its caller as a command: for children whose caller has continued as new since. */
import type { Client } from '@temporalio/client';
import type { EndChild, ParentLink } from '#engine/command.ts';
import { sendCommand } from './send-command.ts';

export interface OutcomeReport {
  readonly parent: ParentLink;
  readonly processId: string;
  readonly instanceKey: string;
  readonly outcome: EndChild['outcome'];
}
export type ReportOutcome = (report: OutcomeReport) => Promise<void>;

export const createReportOutcome =
  (client: Client): ReportOutcome =>
  async ({ parent, instanceKey, outcome }) => {
    const { instanceKey: parentKey, processId, element } = parent;
    const command = { type: 'endChild', element, outcome } as const;
    const result = await sendCommand(client, {
      instanceKey: parentKey,
      processId,
      key: `child/${instanceKey}`,
      command,
    });
    if (result.outcome !== 'rejected' || result.rejection.code !== 'tooLarge') return;
    const message = 'The result of the called process was refused: it is too large.';
    const instead = { type: 'endChild', element, outcome: { type: 'notStarted', message } } as const;
    await sendCommand(client, {
      instanceKey: parentKey,
      processId,
      key: `child/${instanceKey}/refused`,
      command: instead,
    });
  };
