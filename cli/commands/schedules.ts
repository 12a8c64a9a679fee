/** `alur schedules`: timers that start instances. */
import { Command } from 'commander';
import { catchUps, scheduleLimits, startScheduleEndpoints } from '#contract/start-schedule.ts';
import type { StartSchedule } from '#contract/start-schedule.ts';
import type { Client } from '#contract/client.ts';
import { answerWith, onServer, withReason } from '../on-server.ts';
import type { ServerOptions } from '../on-server.ts';
import { wholeNumber } from '../options.ts';
import { text } from '../texts.ts';

interface Reasoned extends ServerOptions {
  readonly reason: string;
}
interface Resuming extends Reasoned {
  readonly catchUp: (typeof catchUps)[number];
}
interface Backfilling extends Reasoned {
  readonly from: string;
  readonly to: string;
  readonly latest: boolean;
  readonly skip: boolean;
}
interface Looking extends ServerOptions {
  readonly count: number;
  readonly zone?: string;
}
interface Trying extends Looking {
  readonly kind: StartSchedule['kind'];
}

const lineOf = ({
  startScheduleKey,
  processDefinitionId,
  elementId,
  state,
  expression,
  ...rest
}: StartSchedule): string =>
  [startScheduleKey, processDefinitionId, elementId, state, rest.nextTime ?? '-', expression, rest.pausedReason ?? '']
    .join('\t')
    .trimEnd();
const timeLines = ({ times }: { readonly times: readonly { readonly time: string; readonly local: string }[] }) =>
  times.map(({ time, local }) => `${local}\t${time}`);

const list = (client: Client) => client(startScheduleEndpoints.searchStartSchedules, { body: {} });
const named = (startScheduleKey: string) => ({ params: { startScheduleKey } });
const zoneOf = ({ zone }: Looking): { readonly zone?: string } => (zone === undefined ? {} : { zone });

const looking = (command: Command): Command =>
  command
    .option('--count <n>', text('schedulesCount'), wholeNumber(1, scheduleLimits.previewed), 10)
    .option('--zone <name>', text('schedulesZone'));

function changing(): readonly Command[] {
  return [
    withReason(onServer('pause', 'schedulesPause'))
      .argument('<key>')
      .action(async (key: string, { reason, ...options }: Reasoned) => {
        const call = (client: Client) =>
          client(startScheduleEndpoints.pauseStartSchedule, { ...named(key), body: { reason } });
        await answerWith(options, call, () => [text('done')]);
      }),
    withReason(onServer('resume', 'schedulesResume'))
      .argument('<key>')
      .option(`--catch-up <${catchUps.join('|')}>`, text('schedulesCatchUp'), 'none')
      .action(async (key: string, { reason, catchUp, ...options }: Resuming) => {
        const body = { reason, catchUp };
        const call = (client: Client) => client(startScheduleEndpoints.resumeStartSchedule, { ...named(key), body });
        await answerWith(options, call, (answer) => [text('schedulesMissed', answer)]);
      }),
    withReason(onServer('backfill', 'schedulesBackfill'))
      .argument('<key>')
      .requiredOption('--from <time>', text('schedulesFrom'))
      .requiredOption('--to <time>', text('schedulesTo'))
      .option('--latest', text('schedulesLatest'), false)
      .option('--skip', text('schedulesSkip'), false)
      .action(async (key: string, { reason, from, to, latest, skip, ...options }: Backfilling) => {
        const policy = { catchUp: latest ? 'latest' : 'all', overlap: skip ? 'skip' : 'allow' } as const;
        const body = { reason, from, to, ...policy };
        const call = (client: Client) => client(startScheduleEndpoints.backfillStartSchedule, { ...named(key), body });
        await answerWith(options, call, (answer) => [text('schedulesMissed', answer)]);
      }),
  ];
}

export const schedulesCommand = (): Command =>
  [
    onServer('list', 'schedulesList').action((options: ServerOptions) =>
      answerWith(options, list, ({ items }) => items.map(lineOf)),
    ),
    looking(onServer('times', 'schedulesTimes'))
      .argument('<key>')
      .action((key: string, options: Looking) => {
        const input = { ...named(key), query: { count: options.count, ...zoneOf(options) } };
        return answerWith(options, (client) => client(startScheduleEndpoints.getStartScheduleTimes, input), timeLines);
      }),
    looking(onServer('preview', 'schedulesPreview'))
      .argument('<value>', text('schedulesValue'))
      .option('--kind <cycle|date|duration>', text('schedulesKind'), 'cycle')
      .action((value: string, options: Trying) => {
        const body = { value, kind: options.kind, count: options.count, ...zoneOf(options) };
        return answerWith(
          options,
          (client) => client(startScheduleEndpoints.previewStartSchedule, { body }),
          timeLines,
        );
      }),
    ...changing(),
  ].reduce((parent, child) => parent.addCommand(child), new Command('schedules').description(text('schedules')));
