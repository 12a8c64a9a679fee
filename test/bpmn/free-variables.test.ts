/** Which variables an expression reads. */
import { expect, test } from '@jest/globals';
import { parseExpression } from '#bpmn/feel.ts';
import { freeVariables } from '#bpmn/free-variables.ts';

const cases: readonly (readonly [source: string, names: readonly string[]])[] = [
  ['1 + 2', []],
  ['now() > batas', ['batas']],
  ['usulan.skor >= ambang and usulan.lengkap', ['usulan', 'ambang']],
  ['if a then b else c', ['a', 'b', 'c']],
  ['a between b and c', ['a', 'b', 'c']],
  ['a in [b..c]', ['a', 'b', 'c']],
  ['for x in daftar, y in x.isi return x + y + z', ['daftar', 'z']],
  ['for x in 1..n return if x = 1 then 1 else partial[-1] + x', ['n']],
  ['some b in berkas satisfies b.lengkap', ['berkas']],
  ['every b in berkas satisfies b = harapan', ['berkas', 'harapan']],
  ['anggota[item.umur > batas]', ['anggota', 'batas']],
  ['{ a: x, b: a + y }.b', ['x', 'y']],
  ['(function(a) a + b)(c)', ['b', 'c']],
  ['count(daftar)', ['daftar']],
  ['not(selesai)', ['selesai']],
  ['daftar[1]', ['daftar']],
  ['x instance of number', ['x']],
  ['-x', ['x']],
];

test.each(cases.map((row) => ({ row })))('$row.0', ({ row: [source, names] }) => {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(parsed.message);
  expect(freeVariables(parsed.ast)).toEqual(names);
});
