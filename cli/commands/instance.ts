/** `alur instance`: changes of one running case by hand, each with a reason, each first as a dry run when asked. */
import { Command } from 'commander';
import { incidentEndpoints } from '#contract/incident.ts';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import { repairEndpoints } from '#contract/repair.ts';
import { variableEndpoints } from '#contract/variable.ts';
import { wholeNumber } from '../options.ts';
import { jsonList, jsonObject, sessionOf, tell, withReason } from '../repair/server.ts';
import type { RepairOptions } from '../repair/server.ts';
import { text } from '../texts.ts';

type Variables = Record<string, never>;
const retries = wholeNumber(1, 1_000);
const asked = ({ reason, dryRun }: RepairOptions) => ({ reason, dryRun });

const verb = (name: string, about: string, key = '<key>'): Command =>
  withReason(new Command(name).description(about).argument(key, text('instanceKey')));

const suspend = (): Command =>
  verb('suspend', text('instanceSuspend')).action(async (processInstanceKey: string, options: RepairOptions) => {
    const call = { params: { processInstanceKey }, body: asked(options) };
    tell(await sessionOf(options)(repairEndpoints.suspendProcessInstance, call), options);
  });
const resume = (): Command =>
  verb('resume', text('instanceResume')).action(async (processInstanceKey: string, options: RepairOptions) => {
    const call = { params: { processInstanceKey }, body: asked(options) };
    tell(await sessionOf(options)(repairEndpoints.resumeProcessInstance, call), options);
  });
const cancel = (): Command =>
  verb('cancel', text('instanceCancel'))
    .option('--compensate', text('instanceCompensate'), false)
    .action(async (processInstanceKey: string, options: RepairOptions & { compensate: boolean }) => {
      const call = { params: { processInstanceKey }, body: { ...asked(options), compensate: options.compensate } };
      tell(await sessionOf(options)(processInstanceEndpoints.cancelProcessInstance, call), options);
    });
const sendBack = (): Command =>
  verb('send-back', text('instanceSendBack'))
    .requiredOption('--to <element>', text('instanceTo'))
    .option('--from <key>', text('instanceFrom'))
    .action(async (processInstanceKey: string, options: RepairOptions & { to: string; from?: string }) => {
      const { to, from } = options;
      const body = { ...asked(options), to, ...(from === undefined ? {} : { from }) };
      tell(
        await sessionOf(options)(repairEndpoints.sendBackProcessInstance, { params: { processInstanceKey }, body }),
        options,
      );
    });

interface ModifyOptions extends RepairOptions {
  readonly activate?: never[];
  readonly move?: never[];
  readonly terminate?: never[];
}
const modify = (): Command =>
  verb('modify', text('instanceModify'))
    .option('--activate <json>', text('instanceActivate'), jsonList)
    .option('--move <json>', text('instanceMove'), jsonList)
    .option('--terminate <json>', text('instanceTerminate'), jsonList)
    .action(async (processInstanceKey: string, options: ModifyOptions) => {
      const { activate, move, terminate } = options;
      const body = {
        ...asked(options),
        ...(activate === undefined ? {} : { activateInstructions: activate }),
        ...(move === undefined ? {} : { moveInstructions: move }),
        ...(terminate === undefined ? {} : { terminateInstructions: terminate }),
      };
      tell(
        await sessionOf(options)(repairEndpoints.modifyProcessInstance, { params: { processInstanceKey }, body }),
        options,
      );
    });
const restart = (): Command =>
  verb('restart', text('instanceRestart'))
    .option('--at <elements...>', text('instanceAt'))
    .action(async (processInstanceKey: string, options: RepairOptions & { at?: string[] }) => {
      const startInstructions = options.at?.map((elementId) => ({ elementId })) ?? [];
      const call = { params: { processInstanceKey }, body: { ...asked(options), startInstructions } };
      console.log(JSON.stringify(await sessionOf(options)(repairEndpoints.restartProcessInstance, call)));
    });
const variables = (): Command =>
  verb('variables', text('instanceVariables'))
    .requiredOption('--set <json>', text('instanceSet'), jsonObject)
    .option('--local', text('instanceLocal'), false)
    .action(async (elementInstanceKey: string, options: RepairOptions & { set: Variables; local: boolean }) => {
      const { set, local } = options;
      const call = { params: { elementInstanceKey }, body: { ...asked(options), variables: set, local } };
      tell(await sessionOf(options)(variableEndpoints.setElementInstanceVariables, call), options);
    });
const timer = (): Command =>
  verb('timer', text('instanceTimer'), '<timerKey>')
    .option('--due <time>', text('instanceDue'))
    .action(async (timerKey: string, options: RepairOptions & { due?: string }) => {
      const client = sessionOf(options);
      const { due: dueDate } = options;
      const call = { params: { timerKey }, body: asked(options) };
      const answer =
        dueDate === undefined
          ? await client(repairEndpoints.triggerTimer, call)
          : await client(repairEndpoints.updateTimer, { ...call, body: { ...call.body, dueDate } });
      tell(answer, options);
    });

interface JobOptions extends RepairOptions {
  readonly retry?: number;
  readonly retries?: number;
  readonly skip?: Variables;
}
const job = (): Command =>
  verb('job', text('instanceJob'), '<jobKey>')
    .option('--retry <n>', text('instanceRetry'), retries)
    .option('--retries <n>', text('instanceRetries'), retries)
    .option('--skip <json>', text('instanceSkip'), jsonObject)
    .action(async (jobKey: string, options: JobOptions) => {
      const { skip, retries: left } = options;
      const client = sessionOf(options);
      const params = { jobKey };
      const why = asked(options);
      if (skip !== undefined)
        tell(await client(repairEndpoints.skipJob, { params, body: { ...why, variables: skip } }), options);
      else if (left !== undefined) {
        tell(
          await client(repairEndpoints.updateJob, { params, body: { ...why, changeset: { retries: left } } }),
          options,
        );
      } else
        tell(
          await client(repairEndpoints.retryJob, { params, body: { ...why, retries: options.retry ?? 1 } }),
          options,
        );
    });
const incident = (): Command =>
  verb('incident', text('instanceIncident'), '<incidentKey>')
    .option('--retries <n>', text('instanceRetries'), retries)
    .option('--set <json>', text('instanceSet'), jsonObject)
    .action(async (incidentKey: string, options: RepairOptions & { retries?: number; set?: Variables }) => {
      const { set, retries: attempts } = options;
      const body = {
        ...asked(options),
        ...(attempts === undefined ? {} : { retries: attempts }),
        ...(set === undefined ? {} : { variables: set }),
      };
      tell(await sessionOf(options)(incidentEndpoints.resolveIncident, { params: { incidentKey }, body }), options);
    });

export function instanceCommand(): Command {
  const command = new Command('instance').description(text('instance'));
  for (const make of [suspend, resume, cancel, sendBack, modify, restart, variables, timer, job, incident])
    command.addCommand(make());
  return command;
}
