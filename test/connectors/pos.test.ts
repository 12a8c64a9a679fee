import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { createConnectors } from '#activities/connectors/index.ts';
import type { JobHandler } from '#activities/job-handler.ts';
import { createNotification } from '#simulators/notification.ts';
import { createPos } from '#simulators/pos.ts';
import { citizen, depsFor, get, jobContext, jobRequest, listen, post, type Running } from './fixtures.ts';

const nomor = '3215012001-202611-000001';

describe('PT Pos against the simulator', () => {
  let running: Running;
  let receiver: Running;
  let stop: () => void;
  let connectors: Record<string, JobHandler>;
  let received: { messageId: string; correlationKey: string; variables: { penyaluran: { hasil: string } } }[];
  let refusals: number;
  const run = (type: string, jobKey: string, variables: object = {}) =>
    connectors[type]?.(
      jobRequest(jobKey, { variables: { ...jobRequest(jobKey).variables, ...variables } }),
      jobContext(),
    );

  beforeEach(async () => {
    received = [];
    refusals = 2;
    const api = express().use(express.json());
    api.post('/v2/messages/publication', (req, res) => {
      refusals -= 1;
      if (refusals >= 0) res.status(503).end();
      else {
        received.push(req.body as (typeof received)[number]);
        res.json({ messageKey: '1' });
      }
    });
    receiver = await listen(api);
    const pos = createPos({ seed: 1, stateDir: null, apiUrl: receiver.url, apiToken: 'token', deliveryDelayMs: 5 });
    stop = pos.stop;
    running = await listen(pos.app);
    connectors = createConnectors(depsFor({ pos: { url: running.url, token: 'alur-demo' } }));
  });
  afterEach(async () => {
    stop();
    await running.close();
    await receiver.close();
  });

  test('mapping answers in the order of the script, and a refusal is the error POS_DITOLAK', async () => {
    await post(`${running.url}/_sim/population`, [
      { idBayar: nomor, pemetaan: ['TIDAK_LENGKAP', 'TERPETA', 'DITOLAK'] },
    ]);
    expect(await run('pos.petakan', '1')).toMatchObject({
      outcome: 'completed',
      variables: { pemetaan: { status: 'TIDAK_LENGKAP', kurang: ['patokan'] } },
    });
    expect(await run('pos.petakan', '2')).toMatchObject({ variables: { pemetaan: { status: 'TERPETA' } } });
    expect(await run('pos.petakan', '3')).toMatchObject({ outcome: 'error', code: 'POS_DITOLAK' });
  });
  test('a repeated job key orders once; results come in order, again until accepted', async () => {
    await post(`${running.url}/_sim/population`, [{ idBayar: nomor, penyaluran: [['TERTUNDA', 'TERBAYAR']] }]);
    const first = await run('pos.kirim-danom', '5');
    expect(first).toMatchObject({
      outcome: 'completed',
      variables: { danom: { nomor: `DANOM-${nomor}-1`, jumlah: 500_000 } },
    });
    expect(await run('pos.kirim-danom', '5')).toEqual(first);
    for (let i = 0; i < 100 && received.length < 2; i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(received.map((message) => message.variables.penyaluran.hasil)).toEqual(['TERTUNDA', 'TERBAYAR']);
    expect(new Set(received.map((message) => message.messageId)).size).toBe(2);
    expect(received[0]?.correlationKey).toBe(nomor);
    const { effects } = (await get(`${running.url}/_sim/calls`)) as { effects: { calls: number }[] };
    expect(effects).toEqual([{ key: '5', kind: 'danom', subject: nomor, calls: 2 }]);
  });
  test('Pos never gets the NIK, and returned funds have a receipt', async () => {
    const bodies: string[] = [];
    const spy = await listen(
      express()
        .use(express.text({ type: '*/*' }))
        .post('/v1/danom', (req, res) => void (bodies.push(String(req.body)), res.status(202).json({ nomor: 'D' }))),
    );
    const spied = createConnectors(depsFor({ pos: { url: spy.url, token: 't' } }));
    await spied['pos.kirim-danom']?.(jobRequest('9'), jobContext());
    await spy.close();
    expect(bodies[0]).toContain('321501**********');
    expect(bodies[0]).not.toContain(citizen.nik);
    const refund = await run('pos.kembalikan-dana', '6', { penyaluran: { hasil: 'PINDAH' } });
    expect(refund).toMatchObject({
      outcome: 'completed',
      variables: { pengembalian: { nomor: `KEMBALI-${nomor}-1` } },
    });
  });
});

describe('notification against the simulator', () => {
  let running: Running;
  beforeEach(async () => {
    running = await listen(createNotification({ seed: 1, stateDir: null }));
  });
  afterEach(() => running.close());

  test('one message per job, with the reason but without numbers of citizens', async () => {
    const send = createConnectors(depsFor({ notification: { url: running.url, token: 't' } }))['notifikasi.kirim'];
    const request = jobRequest('11', {
      headers: { templat: 'ditolak' },
      variables: { ...jobRequest('11').variables, alasan: `NIK ${citizen.nik} sudah mampu` },
    });
    expect(await send?.(request, jobContext())).toEqual({
      outcome: 'completed',
      variables: { notifikasi: { terkirim: true, kanal: 'WHATSAPP' } },
    });
    await send?.(request, jobContext());
    const { effects } = (await get(`${running.url}/_sim/calls`)) as { effects: { calls: number }[] };
    expect(effects).toHaveLength(1);
    expect(effects[0]?.calls).toBe(2);
    const { messageText } = await import('#activities/connectors/notification.ts');
    expect(messageText(request)).toContain('sudah mampu');
    expect(messageText(request)).not.toContain(citizen.nik);
  });
  test('nobody to write to is no failure; e-mail goes out when configured', async () => {
    const without = createConnectors(depsFor({ readSubject: () => Promise.resolve({ ...citizen, hp: null }) }))[
      'notifikasi.kirim'
    ];
    expect(await without?.(jobRequest('12'), jobContext())).toMatchObject({
      variables: { notifikasi: { terkirim: false } },
    });
    const mails: string[] = [];
    const mail = createConnectors(
      depsFor({ sendMail: ({ to, id }) => Promise.resolve(void mails.push(`${to} ${id}`)) }),
    )['notifikasi.kirim'];
    await mail?.(jobRequest('13', { headers: { kanal: 'EMAIL', kepada: 'dinsos@contoh.id' } }), jobContext());
    expect(mails).toEqual(['dinsos@contoh.id 13']);
  });
});
