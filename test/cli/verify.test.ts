/** `alur verify` on a real installation: exit code 0 and nothing when all is well, each difference with its remedy when not. */
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { end, processOf, start, userTask } from '../support/models.ts';
import { HttpStack } from '../support/http-stack.ts';

let http: HttpStack;
let instanceKey: string;
beforeAll(async () => {
  http = await HttpStack.start();
  await http.client({ name: 'induk', roles: ['administrator'], region: '*' });
  const model = processOf('periksa', [start('a'), userTask('b'), end('c')], ['a>b', 'b>c']);
  const started = await http.stack.start(await http.stack.publish(model));
  await http.stack.taskOf(started, 'b');
  ({ instanceKey } = started);
}, 180_000);
afterAll(() => http.stop(), 60_000);

const alur = (...args: readonly string[]): Promise<{ code: number; lines: string[]; complaint: string }> =>
  new Promise((resolve) => {
    const who = ['--url', http.url, '--account', 'induk', '--password', 'password of induk'];
    execFile(
      process.execPath,
      ['--import', 'tsx', 'cli/main.ts', 'verify', ...args, ...who],
      (error, out, complaint) => {
        resolve({ code: Number(error?.code ?? 0), lines: out.trimEnd().split('\n'), complaint });
      },
    );
  });

it('says nothing when nothing differs', async () => {
  expect(await alur('--json')).toEqual({ code: 0, lines: ['{"checked":1,"differences":[]}'], complaint: '' });
});

it('names what differs, repairs it with a reason, and then says nothing', async () => {
  await http.stack.owner.query('update user_task set priority = 1 where instance_key = $1', [instanceKey]);
  const { code, lines } = await alur('--all', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    checked: 1,
    differences: [{ kind: 'rowDiffers', instanceKey, remedy: expect.stringContaining('faktanya') }],
  });
  expect((await alur('--fix')).complaint).toContain('--reason');
  const fixed = await alur('--fix', '--reason', 'diubah orang', '--json');
  expect(fixed).toEqual({ code: 0, lines: ['{"checked":1,"differences":[]}'], complaint: '' });
}, 240_000);
