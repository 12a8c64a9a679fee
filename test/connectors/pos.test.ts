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
  let received: {
    name: string;
    messageId: string;
    correlationKey: string;
    variables: { penyaluran: { hasil: string; jumlah: number }; pemetaan?: object };
  }[];
  let refusals: number;
  const run = (type: string, jobKey: string, variables: object = {}, headers: Record<string, string> = {}) =>
    connectors[type]?.(
      jobRequest(jobKey, { headers, variables: { ...jobRequest(jobKey).variables, ...variables } }),
      jobContext(),
    );
  const until = async (count: number): Promise<void> => {
    for (let i = 0; i < 100 && received.length < count; i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const appointment = (jobKey: string, headers: Record<string, string> = {}, metode = 'KANTOR') =>
    run(
      'pos.jadwalkan',
      jobKey,
      { metode, jawabanPos: { kprk: 'KPRK-41300' } },
      { slot: 'PT15M', kapasitas: '2', ...headers },
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
    connectors = createConnectors(depsFor({ pos: { url: running.url, token: 'alur-demo' }, nowMs: () => Date.now() }));
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
    await until(2);
    expect(received.map((message) => message.variables.penyaluran.hasil)).toEqual(['TERTUNDA', 'TERBAYAR']);
    expect(new Set(received.map((message) => message.messageId)).size).toBe(2);
    expect(received[0]?.correlationKey).toBe(nomor);
    const { effects } = (await get(`${running.url}/_sim/calls`)) as { effects: { calls: number }[] };
    expect(effects).toEqual([{ key: '5', kind: 'danom', subject: nomor, calls: 2 }]);
  });
  test('a row that Pos takes first is answered later by message, or never', async () => {
    refusals = 0;
    await post(`${running.url}/_sim/population`, [
      { idBayar: nomor, pemetaan: ['DITERIMA'], pemetaanSusulan: 'GANDA', terlambatMs: 20 },
    ]);
    expect(await run('pos.petakan', '1')).toMatchObject({ variables: { pemetaan: { status: 'DITERIMA' } } });
    await until(1);
    expect(received).toMatchObject([
      { name: 'dtks.hasil-pemetaan', correlationKey: nomor, variables: { pemetaan: { status: 'GANDA', kprk: null } } },
    ]);
    await post(`${running.url}/_sim/population`, [{ idBayar: nomor, pemetaan: ['DITERIMA'], pemetaanSusulan: null }]);
    await run('pos.petakan', '2');
    expect(await get(`${running.url}/_sim/calls`)).toMatchObject({ undelivered: 0 });
  });
  test('an appointment is kept free of others: no counter has more than its capacity in a slot', async () => {
    const made = [];
    for (let job = 0; job < 7; job += 1) made.push(await appointment(String(job)));
    const slots = made.map((outcome) => (outcome?.outcome === 'completed' ? outcome.variables?.['jadwal'] : null)) as {
      mulai: string;
      selesai: string;
      tempat: string;
      loket: string;
    }[];
    expect(slots.map(({ loket }) => loket)).toEqual(['1', '1', '2', '2', '3', '3', '1']);
    expect(new Set(slots.slice(0, 6).map(({ mulai }) => mulai)).size).toBe(1);
    const [first, seventh] = [slots[0], slots[6]];
    expect(seventh?.mulai).toBe(first?.selesai);
    expect(first).toMatchObject({ tempat: 'Kantor pos KPRK-41300' });
    expect(Date.parse(first?.selesai ?? '') - Date.parse(first?.mulai ?? '')).toBe(15 * 60_000);
    expect(await appointment('0')).toEqual(made[0]);
    expect(await appointment('home', {}, 'RUMAH')).toMatchObject({
      variables: { jadwal: { tempat: `Rumah ${nomor}`, loket: null } },
    });
  });
  test('an appointment of another length is not understood; a wrong header is the model’s fault', async () => {
    const answer = {
      mulai: '2026-11-23T08:00:00+07:00',
      selesai: '2026-11-23T08:15:00+07:00',
      tempat: 'X',
      loket: null,
    };
    let said: object = answer;
    const spy = await listen(express().post('/v1/jadwal', (_, res) => void res.json(said)));
    connectors = createConnectors(depsFor({ pos: { url: spy.url, token: 't' } }));
    expect(await appointment('1')).toEqual({ outcome: 'completed', variables: { jadwal: answer } });
    const strange = { outcome: 'failed', message: 'JAWABAN_ASING (pos, HTTP 200)' };
    said = { ...answer, selesai: '2026-11-23T08:30:00+07:00' };
    expect(await appointment('2')).toEqual(strange);
    await spy.close();
    expect(await appointment('4', { slot: '15' })).toMatchObject({
      retries: 0,
      message: expect.stringContaining('slot'),
    });
    expect(await appointment('5', { kapasitas: '0' })).toMatchObject({
      retries: 0,
      message: expect.stringContaining('kapasitas'),
    });
  });
  test('what was reserved is ordered, for the programme that was decided; Pos may say that it paid less', async () => {
    refusals = 0;
    await post(`${running.url}/_sim/population`, [{ idBayar: nomor, dibayar: 250_000 }]);
    const penetapan = { program: 'BLT_DD', periode: '2026-12' };
    expect(await run('pos.kirim-danom', '5', { penetapan, pesanan: { kunci: '7', jumlah: 300_000 } })).toMatchObject({
      variables: { danom: { jumlah: 300_000 } },
    });
    await until(1);
    expect(received[0]?.variables.penyaluran).toMatchObject({ hasil: 'TERBAYAR', jumlah: 250_000 });
    expect(await run('pos.kirim-danom', '6', { penetapan })).toMatchObject({
      variables: { danom: { jumlah: 300_000 } },
    });
  });
  test('a wrong answer is not understood and leaves no order behind; the next attempt is answered', async () => {
    await post(`${running.url}/_sim/script`, { wrongRate: 1 });
    expect(await run('pos.kirim-danom', '5')).toMatchObject({ message: 'JAWABAN_ASING (pos, HTTP 200)' });
    expect(await get(`${running.url}/_sim/calls`)).toMatchObject({ effects: [] });
    expect(await run('pos.kirim-danom', '5')).toMatchObject({ outcome: 'completed' });
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
    const refund = await run('pos.kembalikan-dana', '6', { salur: { hasil: 'PINDAH' } });
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
