import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { createDukcapil } from '#simulators/dukcapil.ts';
import { createNotification } from '#simulators/notification.ts';
import { createPos } from '#simulators/pos.ts';
import { get, listen, post, type Running } from '../connectors/fixtures.ts';

const nik = '3215011201900001';
const entry = {
  nik,
  noKk: '3215010101100002',
  nama: 'DADANG KURNIAWAN',
  tanggalLahir: '1990-01-12',
  jenisKelamin: 'L',
};
const question = {
  NIK: nik,
  NO_KK: entry.noKk,
  NAMA_LGKP: entry.nama,
  TGL_LHR: '12-01-1990',
  JENIS_KLMIN: 'LAKI-LAKI',
  TRESHOLD: 80,
  user_id: 'a',
  password: 'b',
};
const verifyPath = '/dukcapil/get_json/dinsos/CALL_VERIFY_BY_ELEMEN';

let folder: string;
const running: Running[] = [];
const started = async (app: Parameters<typeof listen>[0]): Promise<Running> => {
  const one = await listen(app);
  running.push(one);
  return one;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alur-simulators-'));
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
  rmSync(folder, { recursive: true, force: true });
});
const until = async (condition: () => boolean): Promise<void> => {
  for (let i = 0; i < 200 && !condition(); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('Dukcapil', () => {
  test('a restart keeps register and script, and the file holds no NIK or KK', async () => {
    const first = await started(createDukcapil({ seed: 1, stateDir: folder }));
    await post(`${first.url}/_sim/population`, [entry]);
    await post(`${first.url}/_sim/script`, { wrongRate: 1 });
    const second = await started(createDukcapil({ seed: 1, stateDir: folder }));
    expect(await post(second.url + verifyPath, question)).toMatchObject({
      content: [{ NIK: 'Sesuai', NO_KK: 'Tidak Sesuai', NAMA_LGKP: 'Sesuai (100)' }],
    });
    const file = readFileSync(join(folder, 'dukcapil.jsonl'), 'utf8');
    expect(file).not.toContain(nik);
    expect(file).not.toContain(entry.noKk);
  });
  test('a later entry replaces the earlier one', async () => {
    const { url } = await started(createDukcapil({ seed: 1, stateDir: folder }));
    await post(`${url}/_sim/population`, [{ ...entry, status: 'NONAKTIF' }]);
    expect(await post(url + verifyPath, question)).toMatchObject({ content: [{ RESPONSE: 'Data Inactive' }] });
    await post(`${url}/_sim/population`, [entry]);
    expect(await post(url + verifyPath, question)).toMatchObject({ content: [{ TGL_LHR: 'Sesuai' }] });
  });
  test('faults depend on seed and request only', async () => {
    const faulty = async (seed: number): Promise<string[]> => {
      const { url } = await started(createDukcapil({ seed, stateDir: null }));
      await post(`${url}/_sim/script`, { faultRate: 0.5 });
      const numbers = Array.from({ length: 40 }, (_, index) => `32150112019000${String(index).padStart(2, '0')}`);
      const answers = await Promise.all(numbers.map((NIK) => post(url + verifyPath, { ...question, NIK })));
      return numbers.filter((_, index) => answers[index]?.['RESPON'] === 'Gangguan');
    };
    const first = await faulty(1);
    expect(first.length).toBeGreaterThan(5);
    expect(first.length).toBeLessThan(35);
    expect(await faulty(1)).toEqual(first);
    expect(await faulty(2)).not.toEqual(first);
  });
  test('dates are read both ways, unknown fields of a script are refused', async () => {
    const { url } = await started(createDukcapil({ seed: 1, stateDir: null }));
    await post(`${url}/_sim/population`, [entry]);
    expect(await post(url + verifyPath, { ...question, TGL_LHR: '1990-01-12' })).toMatchObject({
      content: [{ TGL_LHR: 'Sesuai' }],
    });
    expect(await post(`${url}/_sim/script`, { nonsense: true })).toHaveProperty('errors');
    expect(await post(url + verifyPath, { ...question, password: undefined })).toEqual({ RESPON: 'Login Gagal' });
  });
});

describe('PT Pos', () => {
  test('a restart sends what was not accepted, repeats nothing and keeps its answers', async () => {
    const received: string[] = [];
    let refused = 0;
    let open = false;
    const api = await started(
      express()
        .use(express.json())
        .post('/v2/messages/publication', (req, res) => {
          if (!open) {
            refused += 1;
            res.status(503).end();
            return;
          }
          received.push((req.body as { messageId: string }).messageId);
          res.json({ messageKey: '1' });
        }),
    );
    const options = { seed: 1, stateDir: folder, apiUrl: api.url, apiToken: 't', deliveryDelayMs: 5 };
    const order = async (url: string, key: string): Promise<unknown> => {
      const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer x', 'Idempotency-Key': key };
      return (
        await fetch(`${url}/v1/danom`, { method: 'POST', headers, body: JSON.stringify({ idBayar: 'A-1', jumlah: 5 }) })
      ).json();
    };
    const first = createPos(options);
    const { url } = await started(first.app);
    await post(`${url}/_sim/population`, [{ idBayar: 'A-1', penyaluran: [['TERTUNDA', 'TERBAYAR']] }]);
    const answer = await order(url, 'k1');
    // Nothing is on its way when it stops: what arrives unheard is sent again.
    await until(() => refused > 0);
    first.stop();
    open = true;
    const second = createPos(options);
    const again = await started(second.app);
    await until(() => received.length === 2);
    expect(received).toEqual(['pos/A-1/1/1', 'pos/A-1/1/2']);
    expect(await order(again.url, 'k1')).toEqual(answer);
    await until(() => received.length > 2);
    expect(received).toHaveLength(2);
    expect(await get(`${again.url}/_sim/calls`)).toMatchObject({
      undelivered: 0,
      effects: [{ key: 'k1', kind: 'danom', subject: 'A-1' }],
    });
    second.stop();
  }, 20_000);
  test('without a token nothing is sent until one comes by script', async () => {
    const received: unknown[] = [];
    const api = await started(
      express()
        .use(express.json())
        .post('/v2/messages/publication', (req, res) => {
          received.push(req.get('Authorization'));
          res.json({ messageKey: '1' });
        }),
    );
    const pos = createPos({ seed: 1, stateDir: null, apiUrl: api.url, apiToken: null, deliveryDelayMs: 1 });
    const { url } = await started(pos.app);
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer x', 'Idempotency-Key': 'k' };
    await fetch(`${url}/v1/danom`, { method: 'POST', headers, body: JSON.stringify({ idBayar: 'A-1', jumlah: 5 }) });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(received).toEqual([]);
    const answer = await post(`${url}/_sim/script`, { apiToken: 'secret' });
    expect(JSON.stringify(answer)).not.toContain('secret');
    await until(() => received.length > 0);
    expect(received).toEqual(['Bearer secret']);
    pos.stop();
  });
});

test('the notification gateway keeps neither phone numbers nor texts', async () => {
  const { url } = await started(createNotification({ seed: 1, stateDir: folder }));
  const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer x', 'Idempotency-Key': 'k' };
  const body = JSON.stringify({ kanal: 'SMS', tujuan: '081200000001', teks: 'Usulan A-1 belum dapat disetujui' });
  const first = await fetch(`${url}/v1/pesan`, { method: 'POST', headers, body });
  expect(first.status).toBe(202);
  const second = await started(createNotification({ seed: 1, stateDir: folder }));
  expect(await (await fetch(`${second.url}/v1/pesan`, { method: 'POST', headers, body })).json()).toEqual(
    await first.json(),
  );
  const file = readFileSync(join(folder, 'notification.jsonl'), 'utf8');
  expect(file).not.toMatch(/0812|Usulan/);
});
