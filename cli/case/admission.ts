/** Problems of an admission report as text for people. */
import type { DeploymentReport } from '#bpmn/deployment.ts';
import { text } from '../texts.ts';

/** Problems told in one reason. */
const problemsMost = 10;

/** Errors only, one line. */
export const admissionProblems = ({ resources }: DeploymentReport): string =>
  resources
    .flatMap(({ resourceName, entries }) =>
      entries.flatMap(({ problems }) => problems.map((problem) => ({ resourceName, problem }))),
    )
    .filter(({ problem }) => problem.severity === 'error')
    .slice(0, problemsMost)
    .map(
      ({
        resourceName,
        problem: {
          elementId,
          message: { id, en },
        },
      }) =>
        text('admissionProblem', {
          place: [resourceName, elementId].filter((part) => part !== null).join(' '),
          id,
          en,
        }),
    )
    .join('; ');
