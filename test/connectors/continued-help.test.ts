/** Help that goes on: what its list counts, and that everybody on it gets one message. */
import { describe, expect, test } from '@jest/globals';
import { createContinuedHelpJobs } from '#activities/connectors/continued-help.ts';
import type { ContinuedHelp } from '#db/registry/deliveries.ts';
import type { JsonObject } from '#engine/json.ts';
import type { PublishedMessage } from '#workflows/messages.ts';
import { jobContext, jobRequest } from './fixtures.ts';

const help = (number: string, programme: string, amount: number): ContinuedHelp => ({
  proposalNumber: number,
  subjectKey: `9${number}`,
  region: '32.15.01.2001',
  programme,
  source: 'APBN',
  amount,
});
const paid = [help('1', 'PKH', 750_000), help('2', 'SEMBAKO', 600_000), help('3', 'PKH', 750_000)];
const given = { kodeKab: '32.15', periode: '2026-11', profilTenggat: 'baku' };

async function run(type: string, variables: JsonObject) {
  const asked: [string, string][] = [];
  const sent: PublishedMessage[] = [];
  const jobs = createContinuedHelpJobs({
    deliveries: {
      continued: (region, period) => {
        asked.push([region, period]);
        return Promise.resolve(paid);
      },
    },
    newKeys: (count) => Promise.resolve(Array.from({ length: count }, (_, index) => `key ${String(index)}`)),
    publish: (message) => {
      sent.push(message);
      return Promise.resolve();
    },
  });
  return { outcome: await jobs[type]?.(jobRequest('1', { variables }), jobContext()), asked, sent };
}

describe('dtks.penerima-lanjutan', () => {
  test('counts people and rupiah by programme', async () => {
    const { outcome, asked, sent } = await run('dtks.penerima-lanjutan', given);
    expect(asked).toEqual([['32.15', '2026-11']]);
    expect(outcome).toEqual({
      outcome: 'completed',
      variables: {
        penerimaLanjutan: {
          jumlah: 3,
          nilai: 2_100_000,
          program: [
            { kode: 'PKH', jumlah: 2, nilai: 1_500_000 },
            { kode: 'SEMBAKO', jumlah: 1, nilai: 600_000 },
          ],
        },
      },
    });
    expect(sent).toEqual([]);
  });
});

describe('dtks.lanjutkan-bantuan', () => {
  test('asks for one process for each help, under a name that a repetition has, too', async () => {
    const { outcome, sent } = await run('dtks.lanjutkan-bantuan', given);
    expect(outcome).toEqual({ outcome: 'completed', variables: { dilanjutkan: 3 } });
    expect(sent.map(({ messageId }) => messageId)).toEqual(['1/PKH/2026-11', '2/SEMBAKO/2026-11', '3/PKH/2026-11']);
    expect(sent[0]).toMatchObject({
      messageKey: 'key 0',
      name: 'dtks.bantuan-lanjutan',
      variables: {
        usulan: { nomor: '1', kodeDesa: '32.15.01.2001', program: 'PKH', periode: '2026-11' },
        warga: '91',
        penetapan: { program: 'PKH', periode: '2026-11', sumber: 'APBN', jumlah: 750_000 },
        profilTenggat: 'baku',
      },
    });
  });
});

test.each([
  [{ periode: '2026-11' }, 'WILAYAH_TIDAK_ADA (kodeKab)'],
  [{ kodeKab: '32.15', periode: '2026-T4' }, 'PERIODE_SALAH (periode: 2026-11)'],
  [{ kodeKab: '32.15' }, 'PERIODE_SALAH (periode: 2026-11)'],
])('%j is refused with the variable that is wrong', async (variables, message) => {
  for (const type of ['dtks.penerima-lanjutan', 'dtks.lanjutkan-bantuan'])
    expect((await run(type, variables)).outcome).toEqual({ outcome: 'failed', message, retries: 0 });
});
