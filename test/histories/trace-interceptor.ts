/**
 * Compiled into the bundle that replays golden histories: tells the test what the workflow asks of the outside, with arguments. Temporal
 * compares the order of commands only; this sees a fact, a due time or an argument that has changed as well.
 */
import { proxySinks } from '@temporalio/workflow';
import type { Sinks, WorkflowInterceptorsFactory } from '@temporalio/workflow';

export interface TraceSinks extends Sinks {
  readonly golden: {
    /** `body`: JSON. */
    ask(what: string, body: string): void;
  };
}

export const interceptors: WorkflowInterceptorsFactory = () => {
  const { golden } = proxySinks<TraceSinks>();
  const ask = (what: string, body: unknown): void => golden.ask(what, JSON.stringify(body ?? null));
  return {
    outbound: [
      {
        startTimer(input, next) {
          ask('timer', { durationMs: input.durationMs });
          return next(input);
        },
        scheduleLocalActivity(input, next) {
          const [argument] = input.args as [
            { readonly facts?: readonly { readonly fact: { readonly type: string } }[] },
          ];
          // The mark of the question follows; histories of 0.1.0 have none.
          if (argument.facts === undefined) ask(input.activityType, { args: [argument] });
          for (const { fact, ...about } of argument.facts ?? []) ask(`fact ${fact.type}`, { ...about, ...fact });
          return next(input);
        },
        scheduleActivity(input, next) {
          const [argument] = input.args;
          ask(input.activityType.startsWith('alur.') ? input.activityType : 'job', argument);
          return next(input);
        },
        startChildWorkflowExecution(input, next) {
          ask('child', { type: input.workflowType, workflowId: input.options.workflowId });
          return next(input);
        },
        signalWorkflow(input, next) {
          ask('signal', { name: input.signalName, target: input.target });
          return next(input);
        },
      },
    ],
  };
};
