/** Forms of form-js for Camunda 7 → for Camunda 8: the schema is the same, single JUEL expressions become FEEL. */
import type { Json } from '#engine/json.ts';
import { problemOf } from '../admission.ts';
import { readForm } from '../forms.ts';
import type { Converted } from './converted.ts';
import { platform } from './elements/process.ts';
import { ConversionLog, type Finding } from './report.ts';
import { placeholder, translate } from './translate.ts';

/** `${a.b}` and nothing around it; in texts that people read, `${` has no meaning. */
const isSingle = (text: string): boolean => /^\s*[$#]\{/.test(text) && text.trimEnd().endsWith('}');

/** A form's id and its converted text. */
export function convertForm(source: string): Converted {
  const { schema, id, problems } = readForm(source);
  if (schema === null) {
    return { ok: false, problems: problems.map(({ code, values }) => problemOf(code, id, values)) };
  }
  const log = new ConversionLog();
  const finding = (construct: string, original: string): Finding => ({
    element: { $type: 'form', $descriptor: {}, ...(id === null ? {} : { id }) },
    construct,
    original,
  });
  const before = schema['executionPlatform'];
  const isOther = typeof before === 'string' && before !== platform.executionPlatform;
  if (isOther) log.mapped(finding('executionPlatform', before), platform.executionPlatform);
  const rewrite = (key: string, value: string): string => {
    if (!isSingle(value)) return value;
    const translation = translate(value);
    if (translation.kind === 'static') return value;
    const result = translation.kind === 'feel' ? `=${translation.source}` : placeholder(value.trim());
    if (translation.kind === 'feel') log.mapped(finding(key, value), result);
    else log.needsPerson(finding(key, value), 'FORM_EXPRESSION', { detail: key }, result);
    return result;
  };
  const rewritten = JSON.parse(JSON.stringify(schema), (key: string, value: Json) =>
    typeof value === 'string' ? rewrite(key, value) : value,
  ) as Json;
  const content = { ...(rewritten as object), ...(isOther ? platform : {}) };
  return { ok: true, content: `${JSON.stringify(content, null, 2)}\n`, generated: [], report: log.report() };
}
