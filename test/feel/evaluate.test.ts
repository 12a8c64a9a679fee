import { describe, expect, test } from '@jest/globals';
import { parseExpression } from '#bpmn/feel.ts';
import { traceFeel } from '#engine/feel/trace.ts';
import type { Json, Variables } from '#engine/json.ts';
import { limits } from '#engine/limits.ts';
import { contextOf, feel, passes, valueOf } from './evaluating.ts';

const warga: Variables = {
  umur: 61,
  'penghasilan per bulan': 1_250_000.5,
  anggota: [
    { nama: 'Sari', umur: 34, sekolah: false },
    { nama: 'Budi', umur: 12, sekolah: true },
  ],
  alamat: { desa: 'Sukamaju', rt: '03' },
};

describe('expressions that processes use', () => {
  test.each<[string, Json]>([
    ['umur >= 60', true],
    ['umur >= 60 and alamat.desa = "Sukamaju"', true],
    ['if umur > 60 then "lansia" else "dewasa"', 'lansia'],
    ['penghasilan per bulan * 12', 15_000_006],
    ['anggota[sekolah].nama', ['Budi']],
    ['count(anggota[umur < 18])', 1],
    ['anggota[1].nama', 'Sari'],
    ['anggota[-1].nama', 'Budi'],
    ['some a in anggota satisfies a.umur < 18', true],
    ['for a in anggota return a.umur + 1', [35, 13]],
    ['{nama: "x", skor: umur * 2, lulus: skor > 100}', { nama: 'x', skor: 122, lulus: true }],
    ['sum(anggota.umur) / count(anggota)', 23],
    ['0.1 + 0.2', 0.3],
    ['1 / 3', 0.3333333333333333],
    ['string join(anggota.nama, ", ")', 'Sari, Budi'],
    ['context put(alamat, "rw", "01")', { desa: 'Sukamaju', rt: '03', rw: '01' }],
    ['get or else(alamat.kota, "-")', '-'],
    ['is defined(alamat.kota)', false],
    ['is defined(alamat.rt)', true],
    ['sort(anggota, function(a, b) a.umur < b.umur).nama', ['Budi', 'Sari']],
    ['today()', '2026-02-01'],
    ['now()', '2026-02-01T03:00:00+07:00'],
    ['today() + duration("P1M")', '2026-03-01'],
    ['date("2024-01-31") + duration("P1M")', '2024-02-29'],
    ['years and months duration(date("1965-03-02"), today()).years', 60],
    ['now() + duration("PT36H")', '2026-02-02T15:00:00+07:00'],
    ['last day of month(date("2028-02-01"))', '2028-02-29'],
    ['5 in [1..5)', false],
    ['umur in (< 17, [60..70])', true],
    ['umur between 60 and 65', true],
  ])('%s', (source, expected) => {
    expect(valueOf(source, warga)).toEqual(expected);
  });

  test('strings are ordered by code point', () => {
    expect(valueOf('sort(["ä", "z", "Z", "a"], function(x, y) x < y)')).toEqual(['Z', 'a', 'z', 'ä']);
    expect(valueOf('"\u{1F600}" > "\uFFFD"')).toBe(true);
  });

  test('an error of an expression is null and says why', () => {
    expect(feel('zz + 1')).toEqual({
      ok: true,
      value: null,
      warnings: ["variable 'zz' is not defined", 'cannot compute null + number'],
    });
    expect(feel('[][count(zz) > 0]')).toMatchObject({ value: [], warnings: [] });
    expect(feel('date("2026-02-30")')).toMatchObject({ value: null, warnings: ["'2026-02-30' is no date"] });
    expect(feel('time("10:00:00@Europe/Parijs")')).toMatchObject({
      value: null,
      warnings: ["time zone 'Europe/Parijs' is not known"],
    });
  });

  const traced = (source: string): ReturnType<typeof traceFeel> => {
    const parsed = parseExpression(source);
    if (!parsed.ok) throw new Error(parsed.message);
    return traceFeel(parsed.ast, contextOf(warga));
  };

  test('a trace lists which part gave which value', () => {
    const source = 'umur > 60 and alamat.desa = "X"';
    const { trace, truncated } = traced(source);
    expect(truncated).toBe(false);
    expect(trace.map(({ at, value }) => [source.slice(...at), value])).toEqual([
      ['umur', 61],
      ['60', 60],
      ['umur > 60', true],
      ['alamat', warga['alamat']],
      ['alamat.desa', 'Sukamaju'],
      ['"X"', 'X'],
      ['alamat.desa = "X"', false],
      [source, false],
    ]);
  });

  test('a trace says why a part is null and what was missing', () => {
    const source = 'pendapatan.bulanan + alamat.kota';
    const reasons = traced(source).trace.flatMap(({ at, reason }) =>
      reason === undefined ? [] : [[source.slice(...at), reason.code, reason.name]],
    );
    expect(reasons).toEqual([
      ['pendapatan', 'UNKNOWN_VARIABLE', 'pendapatan'],
      ['pendapatan.bulanan', 'UNKNOWN_ENTRY', 'bulanan'],
      ['alamat.kota', 'UNKNOWN_ENTRY', 'kota'],
      [source, 'NOT_COMPUTABLE', null],
    ]);
  });

  test('a trace is bounded, and so are the values it shows', () => {
    const long = traced('for i in 1..2000 return i * 2');
    expect(long).toMatchObject({ ok: true, truncated: true });
    expect(long.trace).toHaveLength(limits.feelTraceSteps);
    const wide = traced('concatenate(for i in 1..30 return i)').trace.at(-1)?.value;
    expect(wide).toHaveLength(21);
    expect((wide as Json[]).at(-1)).toBe('…');
    expect(traced('for i in 1..1000000000 return i')).toMatchObject({ ok: false });
  });

  test('syntax errors are found where they are', () => {
    expect(parseExpression('umur > > 1 )')).toMatchObject({ ok: false });
    expect(parseExpression('1 +')).toEqual({ ok: false, message: 'unexpected end of the expression', position: 3 });
    expect(parseExpression('')).toMatchObject({ ok: false, position: 0 });
    expect(parseExpression('x instance of nothing')).toEqual({
      ok: false,
      message: "type 'nothing' is not known",
      position: 14,
    });
  });
});

describe('unary tests', () => {
  test.each<[string, Json, Json]>([
    ['-', null, true],
    ['< 5', 3, true],
    ['"a","b"', 'b', true],
    ['not("a","b")', 'b', false],
    ['[1..5], > 10', 11, true],
    ['? > 3 and ? < 5', 4, true],
    ['starts with(?, "PKH")', 'PKH-01', true],
    ['null', null, true],
    ['true', false, false],
  ])('%s of %j', (source, input, expected) => {
    expect(passes(source, input)).toBe(expected);
  });
});
