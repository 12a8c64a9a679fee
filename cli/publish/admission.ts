/** An admission report for people, in both languages: what becomes of the elements of each file, and every problem. */
import type { AdmissionReport, Verdict } from '#bpmn/admission.ts';
import { text } from '../texts.ts';

export const reportLines = (resources: readonly AdmissionReport[]): string[] =>
  resources.flatMap(({ resourceName, entries }) => {
    const count = (wanted: Verdict): number => entries.filter(({ verdict }) => verdict === wanted).length;
    const [executed, preserved, rejected] = [count('executed'), count('preserved'), count('rejected')];
    const problems = entries.flatMap((entry) => entry.problems);
    return [
      text('admission', { file: resourceName ?? '-', executed, preserved, rejected }),
      ...problems.map(({ code, severity, elementId, message, remedy }) =>
        text('lintProblem', {
          severity,
          code,
          place: elementId ?? '-',
          id: message.id,
          en: message.en,
          remedyId: remedy.id,
          remedyEn: remedy.en,
        }),
      ),
    ];
  });
