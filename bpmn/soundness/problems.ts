/** Soundness findings as problems of the admission report. */
import type { AdmissionProblem } from '../admission.ts';
import type { ProcessModel } from '#engine/model.ts';
import { checkSoundness } from './check.ts';
import { findingOf } from './finding.ts';

/** Errors and warnings of the models; `published`: all processes that are published together with them. */
export function soundnessProblems(
  models: readonly ProcessModel[],
  published: readonly ProcessModel[],
): readonly AdmissionProblem[] {
  return models.flatMap((model) => {
    const { findings, complete, states } = checkSoundness([model], published);
    const incomplete = { code: 'SOUNDNESS_INCOMPLETE', elements: [], path: [], values: { states } } as const;
    const all = complete ? findings : [...findings, findingOf(model.processId, incomplete)];
    return all.flatMap(({ code, severity, elements, path, message, remedy }) => {
      if (severity === 'info') return [];
      return [{ code, severity, elementId: elements[0] ?? model.processId, line: null, message, remedy, path }];
    });
  });
}
