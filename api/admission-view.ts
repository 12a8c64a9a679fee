/** The compiler's admission report as the contract shows it: one line per finding, in the reader's language, and each element's fate. */
import type { AdmissionProblem as Finding, AdmissionReport } from '#bpmn/admission.ts';
import type { AdmissionProblem } from '#contract/problem.ts';
import type { AdmittedElement } from '#contract/process-definition.ts';
import type { Locale } from './texts.ts';

function viewOf(finding: Finding, resourceName: string, elementType: string | null, locale: Locale): AdmissionProblem {
  const message = [finding.message[locale], finding.remedy[locale]].filter((text) => text !== '').join(' ');
  const path = finding.path === undefined ? {} : { path: [...finding.path] };
  return { resourceName, elementId: finding.elementId, elementType, rule: finding.code, message, ...path };
}
export interface Findings {
  readonly problems: AdmissionProblem[];
  readonly warnings: AdmissionProblem[];
  readonly elements: AdmittedElement[];
}
export function findingsOf(reports: readonly AdmissionReport[], locale: Locale): Findings {
  const findings: Findings = { problems: [], warnings: [], elements: [] };
  for (const { resourceName, entries } of reports) {
    for (const { elementId, elementType, name, verdict, problems } of entries) {
      findings.elements.push({ elementId, elementType, name, verdict });
      for (const problem of problems) {
        const list = problem.severity === 'error' ? findings.problems : findings.warnings;
        list.push(viewOf(problem, resourceName ?? '', problem.elementId === null ? null : elementType, locale));
      }
    }
  }
  return findings;
}
