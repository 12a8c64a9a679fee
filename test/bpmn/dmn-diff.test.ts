/** What has changed between two tables, as a person would say it. */
import { expect, test } from '@jest/globals';
import { diffDecisions } from '#bpmn/dmn-diff.ts';

const rule = (id: string, test: string, output: string): string =>
  `<rule id="${id}"><inputEntry id="${id}-1"><text>${test}</text></inputEntry><outputEntry id="${id}-2"><text>${output}</text></outputEntry></rule>`;
const before = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="d" name="d" namespace="urn:uji">
  <inputData id="data-skor" name="skor"><variable id="var-skor" name="skor" /></inputData>
  <decision id="saran" name="Saran">
    <informationRequirement id="perlu-batas"><requiredDecision href="#batas" /></informationRequirement>
    <decisionTable id="tabel" hitPolicy="FIRST">
      <input id="masukan" label="Skor kriteria"><inputExpression id="ungkapan"><text>skor</text></inputExpression></input>
      <output id="keluaran" label="Saran" name="saran" />
      ${rule('atas', '&gt;= 3', '"LAYAK"')}
      ${rule('tengah', '[1..2]', '"MUSYAWARAH"')}
      ${rule('sisa', '-', '"TIDAK"')}
    </decisionTable>
  </decision>
  <decision id="batas" name="Batas"><literalExpression id="nilai"><text>3</text></literalExpression></decision>
  <dmndi:DMNDI><dmndi:DMNDiagram id="diagram"><dmndi:DMNShape id="bentuk" dmnElementRef="saran"><dc:Bounds height="80" width="180" x="268" y="80" /></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>`;
const ids = ['saran', 'batas'];
const changed = async (from: string, to: string) => {
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  return diffDecisions(before, after, ids);
};
const of = { decisionId: 'saran', name: 'Saran' };

test('a threshold is one cell, an expression is itself', async () => {
  expect(await changed('&gt;= 3', '&gt;= 4')).toEqual([
    { ...of, rule: 1, column: 'Skor kriteria', before: '>= 3', after: '>= 4' },
  ]);
  expect(await changed('"MUSYAWARAH"', '"TINJAU"')).toEqual([
    { ...of, rule: 2, column: 'Saran', before: '"MUSYAWARAH"', after: '"TINJAU"' },
  ]);
  expect(await changed('<text>3</text>', '<text>4</text>')).toEqual([
    { decisionId: 'batas', name: 'Batas', rule: null, column: null, before: '3', after: '4' },
  ]);
});
test('a rule that is gone and one that is new', async () => {
  expect(await changed(rule('tengah', '[1..2]', '"MUSYAWARAH"'), '')).toEqual([
    { ...of, rule: 2, column: null, before: '[1..2] | "MUSYAWARAH"', after: null },
  ]);
  expect(await changed(rule('sisa', '-', '"TIDAK"'), rule('lain', '0', '"TIDAK"'))).toEqual([
    { ...of, rule: 3, column: null, before: null, after: '0 | "TIDAK"' },
    { ...of, rule: 3, column: null, before: '- | "TIDAK"', after: null },
  ]);
});
test('what a column asks, and how rules are chosen', async () => {
  expect(await changed('<text>skor</text>', '<text>skor + 1</text>')).toEqual([
    { ...of, rule: null, column: 'Skor kriteria', before: 'skor', after: 'skor + 1' },
  ]);
  expect(await changed('hitPolicy="FIRST"', 'hitPolicy="UNIQUE"')).toMatchObject([
    { column: '', before: 'FIRST', after: 'UNIQUE' },
  ]);
});
test('a decision that is new, layout, and a file that cannot be read', async () => {
  const without = before.replace('id="batas"', 'id="lain"');
  expect(await diffDecisions(without, before, ids)).toMatchObject([{ decisionId: 'batas', before: null, after: '3' }]);
  expect(await changed('x="268"', 'x="300"')).toEqual([]);
  expect(await diffDecisions(before, '<definitions', ids)).toEqual([]);
});
