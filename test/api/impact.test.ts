/** Must show 3 of issue 5: what a new version means for 20,000 running cases, in at most ten times the time of reading their rows. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool, PoolClient } from 'pg';
import { countImpacts } from '#api/impact.ts';
import { compileDeployment } from '#bpmn/deployment.ts';
import { Impacts } from '#bpmn/migration/impact.ts';
import { standingCases } from '#db/queries/standing.ts';
import { inRegion, wholeCountry } from '#db/region-scope.ts';
import { compareRows } from '#db/rebuild.ts';
import { recordFacts } from '#db/record-facts.ts';
import { keyOfNumber } from '#engine/keys.ts';
import { MemoryHost } from '#engine/memory.ts';
import type { ProcessModel } from '#engine/model.ts';
import { read } from '../definitions/dtks.ts';
import { nextVersion, renamed } from '../definitions/next-version.ts';
import { end, flow, gateway, processOf, path, start, user } from '../engine/model-builder.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';

const cases = 20_000;
const factor = 10;
const definitionKey = keyOfNumber(7n);
const mapping = Object.entries(renamed).map(([source, target]) => ({ source, target }));
/** Beside it a token waits for the other routes. */
const withToken = 'penetapan-daerah';
const names = [
  'usulan-dtks.bpmn',
  'verifikasi-nik.bpmn',
  'kelayakan.dmn',
  'jalur.dmn',
  'skor_duplikat.dmn',
  'hasil_nik.dmn',
  'tumpang_tindih.dmn',
];

async function proposal(edit: (xml: string) => string): Promise<ProcessModel> {
  const files = names.map((name) => ({ name, content: name === names[0] ? edit(read(name)) : read(name) }));
  const deployment = await compileDeployment(files, { decisions: {} });
  const found = deployment.ok ? deployment.processes.find(({ model }) => model.processId === 'usulan-dtks') : undefined;
  if (!found) throw new Error('not admitted');
  return found.model;
}

let postgres: TestPostgres;
let owner: Pool;
let app: Pool;
const asked = <T>(work: (db: PoolClient) => Promise<T>): Promise<T> => inRegion(app, wholeCountry, work);
beforeAll(async () => {
  postgres = await startTestPostgres();
  owner = postgres.pool('alur_worker');
  app = postgres.pool('alur_app');
}, 120_000);
afterAll(() => postgres.stop());

describe(`a new version over ${cases} running cases`, () => {
  it(`is judged in at most ${factor} times the time of reading their rows`, async () => {
    const [first, next] = [await proposal((xml) => xml), await proposal(nextVersion)];
    const steps = Object.values(first.nodes).filter(
      ({ type, parent }) => type === 'userTask' && parent === 'proses-usulan',
    );
    const ids = [...steps.map(({ id }) => id), withToken];
    const idOf = '($2::text[])[1 + n % cardinality($2::text[])]';
    const number = '(1000 + n)::bigint << 20';
    await owner.query(
      `insert into instance (key, process_id, definition_key, version, region, root_key, state, started_at, last_fact)
       select ${number}, 'usulan-dtks', $1, 1, '32.15.01.2001', ${number}, 'ACTIVE', now(), 40 from generate_series(1, $2::int) n`,
      [definitionKey, cases],
    );
    await owner.query(
      `insert into element_instance (key, instance_key, element_id, type, name, scope_key, state, started_at)
       select (${number}) | 2, ${number}, 'proses-usulan', 'subProcess', null, ${number}, 'ACTIVE', now() from generate_series(1, $1::int) n
       union all
       select (${number}) | 3, ${number}, 'proses-penetapan', 'subProcess', null, (${number}) | 2, 'ACTIVE', now()
         from generate_series(1, $1::int) n where ${idOf} = $3
       union all
       select (${number}) | 9, ${number}, ${idOf}, 'userTask', null, (${number}) | (case when ${idOf} = $3 then 3 else 2 end), 'ACTIVE', now()
         from generate_series(1, $1::int) n`,
      [cases, ids, withToken],
    );
    await owner.query(
      `insert into waiting_token (instance_key, scope_key, flow_id, count)
       select ${number}, (${number}) | 3, 'alur-gw-hasil-pusat--gw-gabung', 1 from generate_series(1, $1::int) n
        where ${idOf} = $3`,
      [cases, ids, withToken],
    );
    await owner.query('analyze instance; analyze element_instance; analyze waiting_token');
    const readingMs: number[] = [];
    const judgingMs: number[] = [];
    let counts = {};
    for (let round = 0; round < 3; round++) {
      let started = performance.now();
      await asked((db) => standingCases(db, { definitionKey, after: '0', limit: cases }));
      readingMs.push(performance.now() - started);
      started = performance.now();
      const question = { sourceKey: definitionKey, page: { from: 0, limit: 50 } };
      ({ counts } = await asked((db) => countImpacts(db, question, new Impacts(first, next, []))));
      judgingMs.push(performance.now() - started);
    }
    const [reading, judging] = [Math.min(...readingMs), Math.min(...judgingMs)];
    process.stdout.write(
      `impact: reading ${reading.toFixed()} ms, judging ${judging.toFixed()} ms, ${(judging / reading).toFixed(2)} times\n`,
    );
    const heads = Array.from({ length: cases }, (_, n) => ids[(n + 1) % ids.length]).filter(
      (id) => id !== undefined && id in renamed,
    );
    expect(counts).toEqual({ safe: cases - heads.length, needsMapping: heads.length, blocked: 0 });
    expect(judging / reading).toBeLessThanOrEqual(factor);
    const question = { sourceKey: definitionKey, of: 'needsMapping', page: { from: 1, limit: 2 } } as const;
    const { items, groups } = await asked((db) => countImpacts(db, question, new Impacts(first, next, [])));
    expect(items).toMatchObject([{ class: 'needsMapping' }, { class: 'needsMapping' }]);
    expect(groups.length).toBe(ids.length);
    const mapped = await asked((db) =>
      countImpacts(db, { sourceKey: definitionKey, page: question.page }, new Impacts(first, next, mapping)),
    );
    expect(mapped.counts).toEqual({ safe: cases, needsMapping: 0, blocked: 0 });
  }, 120_000);

  it('finds the cases where their facts say they stand, also after a migration', async () => {
    const model = (id: string): ProcessModel =>
      processOf(
        [start('s'), gateway('f', 'parallelGateway'), user(id), user('b'), gateway('j', 'parallelGateway'), end('e')],
        [path('s', 'f', id, 'j', 'e'), flow('f', 'b'), flow('b', 'j')],
      );
    const host = new MemoryHost(0);
    host.deploy([model('a')]);
    const created = host.createInstance({ processId: 'p', variables: {} });
    const instanceKey = 'instanceKey' in created ? created.instanceKey : '';
    const firstKey = host.stateOf(instanceKey).definitionKey;
    const [task] = host.userTasks();
    host.completeUserTask(task?.key ?? '', {}, 'ani');
    const target = { target: model('a2'), modelSha256: 'ab', definitionKey: keyOfNumber(9n), version: 2, timers: {} };
    const pairs = [{ source: 'a', target: 'a2' }];
    expect(
      host.send(instanceKey, { type: 'migrateInstance', ...target, mapping: pairs }, 'ani', 'versi baru'),
    ).toBeNull();
    const facts = host.factsOf(instanceKey).map((fact) => ({ ...fact, commandKey: null }));
    const batch = { instanceKey, processId: 'p', businessKey: null, region: null };
    const cut = facts.findIndex(({ fact }) => fact.type === 'instanceMigrated') - 1;
    await recordFacts(owner, {
      ...batch,
      definitionKey: firstKey,
      facts: facts.slice(0, cut),
    });
    await recordFacts(owner, { ...batch, definitionKey: keyOfNumber(9n), facts: facts.slice(cut) });
    const [standing] = await asked((db) => standingCases(db, { definitionKey: keyOfNumber(9n), after: '0', limit: 9 }));
    const { elements } = host.stateOf(instanceKey);
    const wanted = Object.values(elements).map(({ seq, elementId, type, scope, waitingTokens }) => [
      seq,
      { seq, elementId, type, scope, waitingTokens },
    ]);
    expect(standing?.elements).toEqual(Object.fromEntries(wanted));
    expect(await compareRows(owner, [instanceKey])).toEqual([]);
  });
});
