/** Helpers of the converter's tests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertFiles, type ConvertedFile } from '#bpmn/convert/convert.ts';
import type { ConversionEntry } from '#bpmn/convert/report.ts';

export const folder = join(process.cwd(), 'test/convert/fixtures');
export const fixture = (name: string): string => readFileSync(join(folder, name), 'utf8');

export async function convertText(name: string, content: string): Promise<ConvertedFile> {
  const [converted] = await convertFiles([{ name, content }]);
  if (converted === undefined) throw new Error('nothing was converted');
  return converted;
}
export const convertFixture = (name: string): Promise<ConvertedFile> => convertText(name, fixture(name));

/** A Camunda 7 process of the given elements. */
export const camunda7 = (process: string, attributes = ''): string => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="file" targetNamespace="https://example.org/convert">
<bpmn:process id="p" isExecutable="true" ${attributes}>${process}</bpmn:process>
</bpmn:definitions>`;

/** `outcome element construct: original → result (CODE)`. */
export const lineOf = ({ outcome, elementId, construct, original, result, code }: ConversionEntry): string =>
  `${outcome} ${elementId ?? '-'} ${construct}: ${original}${result === null ? '' : ` → ${result}`}${code === null ? '' : ` (${code})`}`;
