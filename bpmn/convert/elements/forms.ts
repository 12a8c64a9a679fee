/** Forms of start events and user tasks: references, and forms made of the model's own fields. */
import { idOf, type ModdleElement } from '../../moddle.ts';
import { rewritten, take, type Conversion, type ConvertContext } from '../context.ts';
import { setExtension } from '../edit.ts';
import type { Finding } from '../report.ts';
import { takeElements } from '../vendor.ts';
import { convertBinding } from './binding.ts';
import { formOfFields } from './form-fields.ts';
import { processOf } from './process.ts';

const definition = 'zeebe:FormDefinition';

export const forms: Conversion = (element, context) => {
  const reference = take(element, 'formRef');
  const key = take(element, 'formKey');
  const fields = [...takeElements(element, 'formData'), ...takeElements(element, 'formProperty')];
  if (reference !== null) convertReference(element, reference, context);
  else if (key !== null) convertKey(element, key, context);
  else if (fields.length > 0) generate(element, fields, context);
  convertBinding(element, 'formRef', definition, context);
};

function convertReference(element: ModdleElement, reference: Finding, context: ConvertContext): void {
  setExtension(element, definition, { formId: reference.original });
  if (/[$#]\{/.test(reference.original)) context.log.needsPerson(reference, 'FORM_DYNAMIC');
  else context.log.mapped(reference, reference.original);
}

/** A form in a file of the deployment, or packed with the application (Camunda 7 manual, "User Task Forms"). */
const camundaForm = /^camunda-forms:(?:deployment|app):(.+)$/;
const embeddedForm = /^camunda-forms:bpmn:/;

function convertKey(element: ModdleElement, key: Finding, context: ConvertContext): void {
  const path = camundaForm.exec(key.original)?.[1];
  if (path !== undefined) {
    const file = path.slice(path.lastIndexOf('/') + 1);
    const known = context.formIds.get(file);
    const formId = known ?? file.replace(/\.(?:form|json)$/, '');
    setExtension(element, definition, { formId });
    if (known === undefined) context.log.needsPerson(key, 'FORM_FILE', {}, formId);
    else context.log.mapped(key, formId);
  } else if (embeddedForm.test(key.original)) {
    setExtension(element, definition, { formKey: rewritten(context, key) });
  } else {
    setExtension(element, definition, { externalReference: rewritten(context, key) });
    context.log.needsPerson(key, 'FORM_HTML');
  }
}

function generate(element: ModdleElement, fields: readonly ModdleElement[], context: ConvertContext): void {
  const processId = idOf(processOf(element)) ?? 'process';
  const formId = `${processId}-${idOf(element) ?? 'form'}`;
  const schema = formOfFields(formId, fields, element, context);
  setExtension(element, definition, { formId });
  context.forms.push({ name: `${formId}.form`, content: `${JSON.stringify(schema, null, 2)}\n` });
}
