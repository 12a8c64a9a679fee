/** What the check of a survey finds odd, and what it draws. */
import { describe, expect, test } from '@jest/globals';
import { createConnectors } from '#activities/connectors/index.ts';
import type { SurveyRecord } from '#activities/connectors/survey-record.ts';
import type { VaultFields } from '#activities/connectors/vault-fields.ts';
import type { Json } from '#engine/json.ts';
import { citizen, depsFor, jobContext, jobRequest, noSurveys } from './fixtures.ts';

/** About 111 m per 0.001 degrees. */
const home: VaultFields = { ...citizen, lat: -6.3, lon: 107.3, surveiLat: -6.3, surveiLon: 107.3 };
const neighbour = (surveiLat: number, rt = '003'): VaultFields => ({ ...home, rt, surveiLat });

interface Given {
  readonly subject?: VaultFields;
  readonly surveys?: Partial<SurveyRecord>;
  readonly survei?: Record<string, Json>;
  readonly headers?: Record<string, string>;
  readonly percent?: number;
  readonly jobKey?: string;
}
async function check({
  subject = home,
  surveys,
  survei = { lamaMenit: 20 },
  headers = {},
  percent = 0,
  jobKey = '7',
}: Given) {
  const deps = depsFor({
    readSubject: () => Promise.resolve(subject),
    surveys: { ...noSurveys, ...surveys },
  });
  const request = jobRequest(jobKey, {
    headers,
    variables: { warga: '1', survei, kebijakan: { verifikasiUlangPersen: percent } },
  });
  return createConnectors(deps)['dtks.periksa-survei']?.(request, jobContext());
}
const found = async (given: Given): Promise<Json> => {
  const outcome = await check(given);
  if (outcome?.outcome !== 'completed') throw new Error(JSON.stringify(outcome));
  return outcome.variables['kewajaran'] ?? null;
};
const others = (homes: readonly VaultFields[]) => ({ othersVisited: () => Promise.resolve(homes) });

describe('dtks.periksa-survei', () => {
  test.each<[string, Given, string[]]>([
    ['an ordinary visit', {}, []],
    ['100 m from the stated point', { subject: { ...home, surveiLat: -6.3008 } }, []],
    ['more than that', { subject: { ...home, surveiLat: -6.301 } }, ['JAUH_DARI_ALAMAT']],
    ['a wider limit', { subject: { ...home, surveiLat: -6.301 }, headers: { meterAlamat: '150' } }, []],
    ['no point stated', { subject: { ...home, lat: null, lon: null, surveiLat: -6.9 } }, []],
    [
      'no point taken',
      { subject: { ...home, surveiLat: null }, surveys: others([1, 2, 3].map(() => neighbour(-6.9))) },
      [],
    ],
    ['under five minutes', { survei: { lamaMenit: 4 } }, ['TERLALU_CEPAT']],
    ['five minutes', { survei: { lamaMenit: 5 } }, []],
    ['two homes at one point', { surveys: { note: () => Promise.resolve(1) } }, []],
    ['three homes at one point', { surveys: { note: () => Promise.resolve(2) } }, ['TITIK_BERULANG']],
    ['a photo of another case', { surveys: { photosElsewhere: () => Promise.resolve(1) } }, ['FOTO_TERPAKAI']],
    [
      'over a kilometre from the RT',
      { surveys: others([-6.31, -6.311, -6.312].map((lat) => neighbour(lat))) },
      ['JAUH_DARI_RT'],
    ],
    ['two homes make no middle', { surveys: others([neighbour(-6.31), neighbour(-6.31)]) }, []],
    ['homes of another RT', { surveys: others([-6.31, -6.31, -6.31].map((lat) => neighbour(lat, '004'))) }, []],
    ['one neighbour noted wrongly', { surveys: others([neighbour(-6.3), neighbour(-6.3), neighbour(-7)]) }, []],
  ])('%s: %j', async (_, given, curiga) => {
    expect(await found(given)).toEqual({ curiga, acak: false });
  });

  test('the policy says how many are drawn; every attempt of one check draws the same', async () => {
    const keys = Array.from({ length: 400 }, (_, index) => String(index));
    const draws = async (percent: number): Promise<number> => {
      const all = await Promise.all(keys.map((jobKey) => found({ jobKey, percent })));
      return all.filter((one) => (one as { acak: boolean }).acak).length;
    };
    expect(await draws(0)).toBe(0);
    expect(await draws(100)).toBe(400);
    const some = await draws(5);
    expect(some).toBeGreaterThan(5);
    expect(some).toBeLessThan(40);
    expect(await draws(5)).toBe(some);
  });

  test('a limit that is none is the model’s fault, named', async () => {
    expect(await check({ headers: { menit: 'lima' } })).toEqual({
      outcome: 'failed',
      message: 'MODEL_SALAH (header menit: bilangan positif)',
      retries: 0,
    });
  });
});
