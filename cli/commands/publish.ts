/** `alur publish`: definitions go out only when the stories beside them end as told. */
import { Command } from 'commander';
import { isError } from '#bpmn/admission.ts';
import { deploymentEndpoints } from '#contract/deployment.ts';
import type { Deployment } from '#contract/deployment.ts';
import { ProblemError } from '#contract/client.ts';
import { compileOnce } from '../case/compile-once.ts';
import { filesBody } from '../case/durable/wire.ts';
import type { CaseFile } from '../case/engine.ts';
import { MemoryEngine } from '../case/memory-engine.ts';
import { resultLine, summaryLine, summaryOf } from '../case/report.ts';
import type { Summary } from '../case/report.ts';
import { runSuite } from '../case/suite.ts';
import { openSession } from '../client.ts';
import { defaultUrl, demoPassword } from '../options.ts';
import { reportLines } from '../publish/admission.ts';
import { gather } from '../publish/files.ts';
import { text } from '../texts.ts';

interface Options {
  readonly url: string;
  readonly account: string;
  readonly password: string;
  readonly json: boolean;
}
const patienceMs = 60_000;

/** What is said at the end; `published` empty: nothing was. */
interface Outcome {
  readonly stories: Summary;
  readonly admitted: boolean;
  readonly published: readonly { readonly id: string; readonly version: number; readonly file: string }[];
}

async function publish(paths: readonly string[], options: Options): Promise<void> {
  const say = (lines: readonly string[]): void => {
    if (!options.json) for (const line of lines) console.log(line);
  };
  const { files, beside, stories } = await gather(paths);
  const compile = compileOnce();
  const results = await runSuite(stories, { open: () => Promise.resolve(new MemoryEngine(compile)) });
  const summary = summaryOf(results);
  say([...results.filter(({ outcome }) => outcome !== 'passed').map(resultLine), summaryLine(summary)]);
  const { report } = await compile([...files, ...beside], { decisions: {} });
  const names = new Set(files.map(({ name }) => name));
  const resources = report.resources.filter(({ resourceName }) => resourceName === null || names.has(resourceName));
  say(reportLines(resources));
  const problems = resources.flatMap(({ entries }) => entries.flatMap((entry) => entry.problems));
  const told = { stories: summary, admitted: !problems.some(isError) };
  if (summary.failed > 0) return end({ ...told, published: [] }, text('storiesFailed'), options);
  const answer = await send(files, options);
  if (answer instanceof ProblemError) {
    say((answer.problem.admission ?? []).map(({ resourceName, message }) => `${resourceName}: ${message}`));
    return end({ ...told, admitted: false, published: [] }, answer.message, options);
  }
  const published = publishedIn(answer);
  say(published.map((item) => text('published', item)));
  return end({ ...told, published }, null, options);
}

function end(outcome: Outcome, refusal: string | null, { json }: Options): void {
  if (json) console.log(JSON.stringify({ ...outcome, ...(refusal === null ? {} : { refusal }) }));
  else if (refusal !== null) console.error(refusal);
  if (refusal !== null) process.exitCode = 1;
}

/** The refusal is an answer too; whatever else goes wrong is thrown. */
async function send(
  files: readonly CaseFile[],
  { url, account, password }: Options,
): Promise<Deployment | ProblemError> {
  const client = openSession({ baseUrl: url, name: account, password, patienceMs });
  try {
    return await client(deploymentEndpoints.createDeployment, {}, { rawBody: filesBody(files) });
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'notAdmitted') return error;
    throw error;
  }
}

const publishedIn = ({ deployments }: Deployment): Outcome['published'] =>
  deployments.flatMap(({ processDefinition, decisionDefinition, form }) => {
    if (processDefinition) {
      const { processDefinitionId: id, processDefinitionVersion: version, resourceName: file } = processDefinition;
      return [{ id, version, file }];
    }
    if (decisionDefinition) {
      const { decisionDefinitionId: id, version, name: file } = decisionDefinition;
      return [{ id, version, file }];
    }
    return form ? [{ id: form.formId, version: form.version, file: form.resourceName }] : [];
  });

export const publishCommand = (): Command =>
  new Command('publish')
    .description(text('publish'))
    .argument('<paths...>', text('publishPaths'))
    .option('--url <url>', text('url'), defaultUrl)
    .option('--account <name>', text('account'), 'admin')
    .option('--password <text>', text('password'), demoPassword)
    .option('--json', text('json'), false)
    .action(publish);
