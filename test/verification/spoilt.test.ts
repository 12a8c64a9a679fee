/** A case whose history the SDK cannot go on with is started again from its facts; others whose tasks fail are left alone (docs/adr/0019). */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
// The package is CommonJS whose names Node cannot see: only the default import works outside a bundler.
import proto from '@temporalio/proto';
import { SpoiltWorkflows } from '#activities/verification/spoilt.ts';
import type { StuckFinding } from '#activities/verification/stuck.ts';
import { releaseJobSignal, taskQueue } from '#workflows/messages.ts';
import { end, processOf, start, userTask } from '../support/models.ts';
import { TestStack } from '../support/stack.ts';
import type { RunningWorker, StartedCase } from '../support/stack.ts';

const { CommandType, WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;

let stack: TestStack;
let worker: RunningWorker;
beforeAll(async () => {
  stack = await TestStack.start();
  worker = await stack.startWorker();
}, 180_000);
afterAll(() => stack.stop(), 60_000);

const failing = ({ instanceKey }: StartedCase): StuckFinding => ({
  instanceKey,
  cause: 'WORKFLOW_TASK_FAILS',
  elementKey: null,
  elementId: '',
  since: new Date(),
  detail: {},
});
const runOf = async ({ workflowId }: StartedCase): Promise<string> =>
  (await stack.client.workflow.getHandle(workflowId).describe()).runId;

async function begin(): Promise<{ readonly started: StartedCase; readonly task: number }> {
  const started = await stack.start(
    await stack.publish(processOf('tersendat', [start('a'), userTask('b'), end('c')], ['a>b', 'b>c'])),
  );
  return { started, task: await stack.taskOf(started, 'b') };
}
/** Takes the next workflow task of the case in place of a worker. */
async function takeTask(started: StartedCase): Promise<Uint8Array> {
  const { namespace } = stack.client.options;
  void stack.client.workflow.getHandle(started.workflowId).signal(releaseJobSignal, 0);
  for (;;) {
    const polled = await stack.client.workflowService.pollWorkflowTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      identity: 'uji',
    });
    if (polled.workflowExecution?.workflowId === started.workflowId) return polled.taskToken;
  }
}

it('begins again where its facts are', async () => {
  const { started, task } = await begin();
  const before = await runOf(started);
  await worker.stop();
  const taskToken = await takeTask(started);
  const commandType = CommandType.COMMAND_TYPE_PROTOCOL_MESSAGE;
  await stack.client.workflowService
    .respondWorkflowTaskCompleted({
      namespace: stack.client.options.namespace,
      taskToken,
      identity: 'uji',
      commands: [{ commandType, protocolMessageCommandAttributes: { messageId: 'x/request/complete' } }],
    })
    .catch(() => undefined);
  const spoilt = new SpoiltWorkflows(stack.pool, stack.client);
  expect(await spoilt.restart([failing(started)])).toBe(1);
  expect(await runOf(started)).not.toBe(before);
  // not again at once, whatever the sweep finds
  expect(await spoilt.restart([failing(started)])).toBe(0);
  worker = await stack.startWorker();
  await stack.command(started, { type: 'completeUserTask', task, variables: {} });
  expect(await stack.ended(started)).toBe('COMPLETED');
}, 180_000);

it('is left alone when its build does otherwise than its history says', async () => {
  const { started } = await begin();
  const before = await runOf(started);
  await worker.stop();
  const taskToken = await takeTask(started);
  await stack.client.workflowService.respondWorkflowTaskFailed({
    namespace: stack.client.options.namespace,
    taskToken,
    identity: 'uji',
    cause: WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR,
    failure: { message: '[TMPRL1100] Nondeterminism error: Fatal error in workflow machines' },
  });
  expect(await new SpoiltWorkflows(stack.pool, stack.client).restart([failing(started)])).toBe(0);
  expect(await runOf(started)).toBe(before);
  worker = await stack.startWorker();
}, 180_000);
