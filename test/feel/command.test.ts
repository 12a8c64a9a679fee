/** `alur feel`, as people and scripts call it. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { feelCommand } from '#cli/commands/feel.ts';

let out: string[] = [];
let err: string[] = [];
beforeEach(() => {
  [out, err] = [[], []];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
  jest.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line));
});
afterEach(() => void jest.restoreAllMocks());

const run = async (...args: readonly string[]): Promise<void> => {
  await feelCommand().parseAsync(args, { from: 'user' });
};

describe('alur feel', () => {
  test('prints the value as JSON', async () => {
    await run('[umur + 1, date("2026-01-31")]', '--context', '{"umur": 60}');
    expect(JSON.parse(out.join('\n'))).toEqual([61, '2026-01-31']);
  });
  test('names with spaces come from the context', async () => {
    await run('data keluarga.jumlah anak * 2', '--context', '{"data keluarga": {"jumlah anak": 3}}', '--json');
    expect(JSON.parse(out[0] ?? '')).toEqual({ value: 6, warnings: [] });
  });
  test('one line with the trace', async () => {
    await run('a.b + 1', '--context', '{"a": {}}', '--trace', '--json');
    expect(out).toHaveLength(1);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      value: null,
      warnings: ["context has no 'b'", 'cannot compute null + number'],
      trace: [
        { at: [0, 1], value: {} },
        { at: [0, 3], value: null, reason: { code: 'UNKNOWN_ENTRY', name: 'b' } },
        { at: [6, 7], value: 1 },
        { at: [0, 7], value: null, reason: { code: 'NOT_COMPUTABLE' } },
      ],
    });
  });
  test('warnings and the trace leave standard output to the value', async () => {
    await run('x', '--trace');
    expect(out).toEqual(['null']);
    expect(err.join('\n')).toContain("variable 'x' is not defined");
  });
  test('unary tests', async () => {
    await run('[1..5], > 10', '--unary', '--input', '11', '--json');
    expect(JSON.parse(out[0] ?? '')).toEqual({ value: true, warnings: [] });
  });
  test.each([
    [['1 +'], /position 3/],
    [['1', '--context', '{'], /--context .*JSON/],
    [['1', '--context', '[1]'], /--context must be a JSON object/],
    [['> 1', '--unary'], /--input/],
    [['> 1', '--unary', '--input', 'x'], /--input .*JSON/],
    [['for a in 1..1000, b in 1..1000 return a'], /more than/],
  ] as const)('%j is refused with a remedy', async (args, message) => {
    await expect(run(...args)).rejects.toThrow(message);
    expect(out).toEqual([]);
  });
});
