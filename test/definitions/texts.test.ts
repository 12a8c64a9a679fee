/** The texts of definitions/dtks name everything that the models show, in both languages, and nothing that does not exist. */
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ProcessModel } from '#engine/model.ts';
import { compile, folder, read } from './dtks.ts';

type Section = Readonly<Record<string, string>>;
const languages = ['id', 'en'] as const;
const texts = Object.fromEntries(
  languages.map((language) => [
    language,
    JSON.parse(read(`texts.${language}.json`)) as Readonly<Record<string, Section>>,
  ]),
);
const keys = (language: string, section: string): string[] => Object.keys(texts[language]?.[section] ?? {}).toSorted();
const unique = (values: readonly string[]): string[] => [...new Set(values)].toSorted();
const files = readdirSync(folder)
  .filter((name) => /\.(bpmn|dmn|form)$/.test(name))
  .map((name) => ({ name, content: read(name) }));

interface Field {
  readonly id: string;
  readonly label?: string;
  readonly dateLabel?: string;
  readonly description?: string;
  readonly text?: string;
  readonly values?: readonly { readonly label: string; readonly value: unknown }[];
  /** Of a group, or of a row of a list. */
  readonly components?: readonly Field[];
}
const textsOfField = (form: string, field: Field): [string, string][] => {
  const at = `${form}/${field.id}`;
  const label = field.label ?? field.dateLabel;
  return [
    ...(label === undefined ? [] : ([[`${at}/label`, label]] as [string, string][])),
    ...(field.description === undefined ? [] : ([[`${at}/description`, field.description]] as [string, string][])),
    ...(field.text === undefined ? [] : ([[`${at}/text`, field.text]] as [string, string][])),
    ...(field.values ?? []).map(({ label: name, value }): [string, string] => [`${at}/values/${String(value)}`, name]),
    ...(field.components ?? []).flatMap((inner) => textsOfField(form, inner)),
  ];
};

describe('texts of the DTKS definitions', () => {
  let models: readonly ProcessModel[] = [];
  beforeAll(async () => {
    const deployment = await compile(files, { decisions: {} });
    const problems = deployment.report.resources.flatMap(({ entries }) => entries.flatMap((entry) => entry.problems));
    expect(problems.map(({ code, elementId }) => [code, elementId])).toEqual([]);
    if (deployment.ok) models = deployment.processes.map(({ model }) => model);
  });
  const nodes = () => models.flatMap((model) => Object.values(model.nodes).map((node) => ({ model, node })));

  test('both languages have the same sections and keys, and no text is empty', () => {
    expect(Object.keys(texts['en'] ?? {})).toEqual(Object.keys(texts['id'] ?? {}));
    for (const section of Object.keys(texts['id'] ?? {}))
      expect([section, keys('en', section)]).toEqual([section, keys('id', section)]);
    const empty = languages.flatMap((language) =>
      Object.values(texts[language] ?? {}).flatMap((section) =>
        Object.entries(section).filter(([, text]) => text.trim() === ''),
      ),
    );
    expect(empty).toEqual([]);
  });

  test('every element has its label in the diagram and its name in both languages', () => {
    const labels = Object.fromEntries(nodes().map(({ model, node }) => [`${model.processId}/${node.id}`, node.name]));
    expect(texts['id']?.['elements']).toEqual(labels);
    const flows = models.flatMap((model) =>
      Object.values(model.flows)
        .filter(({ name }) => name !== null)
        .map(({ id, name }) => [`${model.processId}/${id}`, name]),
    );
    expect(texts['id']?.['flows']).toEqual(Object.fromEntries(flows));
  });

  /** What happens beside the course of a case says nothing of where it stands. */
  const isBeside = (model: ProcessModel, id: string | null): boolean => {
    const node = id === null ? undefined : model.nodes[id];
    if (node?.type !== 'eventSubProcess') return node !== undefined && isBeside(model, node.parent);
    const start = model.nodes[node.startEvent];
    return start?.type === 'startEvent' && !start.interrupting;
  };

  test('every element is documented and, on the course of a case, belongs to a public status that has words', () => {
    const undocumented = nodes().filter(({ node }) => (node.documentation ?? '').length < 10);
    expect(undocumented.map(({ node }) => node.id)).toEqual([]);
    const onCourse = nodes().filter(({ model, node }) => !isBeside(model, node.id));
    const statuses = unique(onCourse.map(({ node }) => node.properties['alur.status'] ?? `${node.id}: none`));
    expect(keys('id', 'statuses')).toEqual(statuses);
    expect(keys('id', 'statusHelp')).toEqual(statuses);
  });

  test('groups, job types, messages, decisions and deadlines have words', () => {
    const xml = files.map(({ content }) => content).join('\n');
    const found = (pattern: RegExp): string[] => unique([...xml.matchAll(pattern)].map(([, name]) => name ?? ''));
    expect(keys('id', 'groups')).toEqual(found(/candidateGroups="([^="]+)"/g));
    expect(keys('id', 'jobTypes')).toEqual(found(/taskDefinition type="([^"]+)"/g));
    expect(keys('id', 'messages')).toEqual(found(/<bpmn:message id="[^"]+" name="([^"]+)"/g));
    expect(keys('id', 'decisions')).toEqual(found(/<(?:decision|businessKnowledgeModel) id="([^"]+)"/g));
    expect(keys('id', 'lanes')).toHaveLength([...xml.matchAll(/<bpmn:lane /g)].length);
    const deadlines = JSON.parse(read('tenggat.json')) as Readonly<Record<string, Section>>;
    expect(keys('id', 'deadlines')).toEqual(Object.keys(deadlines['baku'] ?? {}).toSorted());
    expect(Object.keys(deadlines['singkat'] ?? {})).toEqual(Object.keys(deadlines['baku'] ?? {}));
    expect(found(/tenggat\.([A-Za-z]+)\)/g).filter((name) => !keys('id', 'deadlines').includes(name))).toEqual([]);
  });

  test('every text of every form has its words in both languages', () => {
    const expected = files
      .filter(({ name }) => name.endsWith('.form'))
      .flatMap(({ content }) => {
        const form = JSON.parse(content) as { readonly id: string; readonly components: readonly Field[] };
        return form.components.flatMap((field) => textsOfField(form.id, field));
      });
    const forms = Object.entries(texts['id']?.['forms'] ?? {}).filter(([key]) => !key.endsWith('/judul'));
    expect(Object.fromEntries(forms)).toEqual(Object.fromEntries(expected));
  });

  test('human steps have forms, and people who reject give a reason', () => {
    const formless = nodes().filter(({ node }) => node.type === 'userTask' && node.task.formId === null);
    expect(formless.map(({ node }) => node.id)).toEqual([]);
    const rejecting = files.filter(
      ({ name, content }) =>
        name.endsWith('.form') && /"(DITOLAK|TOLAK|DIBATALKAN|DIKEMBALIKAN)"|"value": false/.test(content),
    );
    const without = rejecting.filter(({ content }) => !/"key": "(alasan|catatan)"/.test(content));
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});
