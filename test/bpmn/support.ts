/** Helpers of the compiler's tests. */
import { canonicalJson } from '#bpmn/canonical-json.ts';
import type { AdmissionReport, Severity } from '#bpmn/admission.ts';
import type { DeploymentReport } from '#bpmn/deployment.ts';

/** `file:line severity element CODE: message`, one line per problem, of one severity or of both. */
export function problemLines(report: AdmissionReport | DeploymentReport, only?: Severity): string[] {
  const reports = 'resources' in report ? report.resources : [report];
  return reports.flatMap(({ resourceName, entries }) =>
    entries.flatMap(({ problems }) =>
      problems
        .filter(({ severity }) => only === undefined || severity === only)
        .map(
          ({ code, severity, elementId, line, message }) =>
            `${resourceName ?? ''}:${line ?? '?'} ${severity} ${elementId ?? ''} ${code}: ${message.en}`,
        ),
    ),
  );
}
/** `CODE elementId`, sorted. */
export const codes = (report: AdmissionReport): string[] =>
  report.entries.flatMap((entry) => entry.problems.map(({ code, elementId }) => `${code} ${elementId ?? '-'}`)).sort();

/** A process of the given elements, as text. */
export function bpmn(process: string, around = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="file" targetNamespace="https://example.org/alur">
${around}
<bpmn:process id="p" isExecutable="true">
${process}
</bpmn:process>
</bpmn:definitions>`;
}

/** Pretty canonical JSON for goldens; syntax trees are left out, FEEL has tests of its own. */
export function stable(value: unknown): string {
  const plain = JSON.parse(canonicalJson(value), (key: string, part: unknown) =>
    key === 'ast' ? undefined : part,
  ) as unknown;
  return `${JSON.stringify(plain, null, 1)}\n`;
}
