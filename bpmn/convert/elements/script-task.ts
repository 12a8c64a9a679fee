/** Script tasks: one expression becomes zeebe:script, everything else a job. */
import { extension, idOf, text, type ModdleElement } from '../../moddle.ts';
import { take, type Conversion } from '../context.ts';
import { set, setExtension } from '../edit.ts';
import type { ConversionLog, Finding } from '../report.ts';
import { translateScript, type ScriptTranslation } from '../translate.ts';

export const scriptTask: Conversion = (element, { log }) => {
  const format = text(element, 'scriptFormat') ?? '';
  const script = text(element, 'script')?.trim() ?? '';
  const resource = take(element, 'resource');
  const result = take(element, 'resultVariable');
  if ((script === '' && resource === null) || extension(element, 'zeebe:Script') !== null) return;
  const finding = { element, construct: `scriptTask ${format}`.trim(), original: resource?.original ?? script };
  const translation = translateScript(script, format);
  if (resource !== null) asJob(element, finding, resource.original, log);
  else if (translation.value.kind === 'untranslatable') asJob(element, finding, translation.value.detail, log);
  else asFeel(element, finding, translation, result?.original ?? null, log);
  if (result !== null && (resource !== null || translation.value.kind === 'untranslatable')) {
    log.needsPerson(result, 'RESULT_OF_JOB');
  }
  set(element, 'script', undefined);
  set(element, 'scriptFormat', undefined);
};

function asJob(element: ModdleElement, finding: Finding, detail: string, log: ConversionLog): void {
  const type = idOf(element) ?? finding.construct;
  setExtension(element, 'zeebe:TaskDefinition', { type });
  log.needsPerson(finding, 'SCRIPT_TASK', { detail }, type);
}

/** A script that sets a variable itself names the result. Without a name the model is refused until a person gives one. */
function asFeel(
  element: ModdleElement,
  finding: Finding,
  { value, target }: ScriptTranslation,
  resultVariable: string | null,
  log: ConversionLog,
): void {
  const variable = target ?? resultVariable;
  const expression = value.kind === 'feel' ? `=${value.source}` : finding.original;
  setExtension(element, 'zeebe:Script', { expression, resultVariable: variable ?? undefined });
  if (variable === null) log.needsPerson(finding, 'SCRIPT_RESULT');
  else log.mapped(finding, `${expression} → ${variable}`);
}
