/** Files of Camunda 7 and its relatives → files that Alur publishes. Pure: texts in, texts and a report out. */
import type { AdmissionProblem } from '../admission.ts';
import { readForm } from '../forms.ts';
import type { GeneratedFile } from './context.ts';
import type { Converted } from './converted.ts';
import { convertDecisions } from './decisions.ts';
import { convertForm } from './form-file.ts';
import { convertProcesses } from './process-model.ts';
import { reportOf, type ConversionReport } from './report.ts';

export interface SourceFile {
  /** File name without folders; its ending tells the kind. */
  readonly name: string;
  readonly content: string;
}
export interface ConvertedFile {
  /** With the ending that a deployment tells kinds by. */
  readonly name: string;
  /** null: refused, see `problems`. */
  readonly content: string | null;
  readonly generated: readonly GeneratedFile[];
  readonly report: ConversionReport;
  /** Why the file cannot be read. */
  readonly problems: readonly AdmissionProblem[];
}

/** Files that belong together: references between them (forms by file name) are resolved. Never throws on any text. */
export async function convertFiles(files: readonly SourceFile[]): Promise<readonly ConvertedFile[]> {
  const formIds = formIdsOf(files);
  const converted: ConvertedFile[] = [];
  for (const { name: given, content } of files) {
    const name = withUsualEnding(given);
    const result = await convertFile(name, content, formIds);
    if (result.ok) converted.push({ name, ...result, problems: [] });
    else converted.push({ name, content: null, generated: [], report: reportOf([]), problems: result.problems });
  }
  return converted;
}

function convertFile(
  name: string,
  content: string,
  formIds: ReadonlyMap<string, string>,
): Converted | Promise<Converted> {
  if (name.endsWith('.dmn')) return convertDecisions(content);
  return isForm(name) ? convertForm(content) : convertProcesses(content, formIds);
}

/** `a.bpmn20.xml`, `a.dmn11.xml` (Camunda 7 manual, "Deployment") → `a.bpmn`, `a.dmn`. */
const withUsualEnding = (name: string): string =>
  name.replace(/\.(?:bpmn20\.xml|bpmn\.xml)$/, '.bpmn').replace(/\.dmn1\d\.xml$/, '.dmn');

const isForm = (name: string): boolean => name.endsWith('.form');

function formIdsOf(files: readonly SourceFile[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { name, content } of files) {
    const id = isForm(name) ? readForm(content).id : null;
    if (id !== null) ids.set(name, id);
  }
  return ids;
}
