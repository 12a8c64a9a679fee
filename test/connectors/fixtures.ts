/** Invented citizens and a running simulator for the tests of connectors. */
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import type { Express } from 'express';
import type { ConnectorDeps } from '#activities/connectors/ports.ts';
import type { SurveyRecord } from '#activities/connectors/survey-record.ts';
import type { VaultFields } from '#activities/connectors/vault-fields.ts';
import { noDeliveries } from '../support/no-deliveries.ts';
import { noDuplicates, noSubjectRights } from '../support/subject-fakes.ts';
import { memoryRegister } from '../support/memory-register.ts';
import { memoryMonitoring, memoryObjections, memoryUpdates } from '../support/memory-updates.ts';
import type { JobContext, JobRequest } from '#activities/job-handler.ts';

export const citizen: VaultFields = {
  nik: '3215011201900001',
  noKk: '3215010101100002',
  nama: 'DADANG KURNIAWAN',
  tempatLahir: 'KARAWANG',
  tanggalLahir: '1990-01-12',
  jenisKelamin: 'L',
  ibuKandung: 'ENTIN SUPARTINI',
  hp: '081200000001',
  alamat: 'Kp. Sukamaju No. 12',
  rt: '003',
  rw: '004',
  penanda: 'dekat mushola',
  lat: null,
  lon: null,
  kodeDesa: '32.15.01.2001',
};

export interface Running {
  readonly url: string;
  readonly close: () => Promise<void>;
}
export async function listen(app: Express): Promise<Running> {
  const server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export const post = async (url: string, body: unknown): Promise<Record<string, unknown>> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
};
export const get = async (url: string): Promise<Record<string, unknown>> =>
  (await (await fetch(url)).json()) as Record<string, unknown>;

/** Nobody was visited before. */
export const noSurveys: SurveyRecord = {
  note: () => Promise.resolve(0),
  othersVisited: () => Promise.resolve([]),
  photosElsewhere: () => Promise.resolve(0),
};

const nowhere = 'http://127.0.0.1:9';
export function depsFor(change: Partial<ConnectorDeps>): ConnectorDeps {
  return {
    readSubject: (key) => Promise.resolve(key === '1' ? citizen : null),
    findEarlierProposals: () => Promise.resolve([]),
    waitingCases: () => Promise.resolve([]),
    surveys: noSurveys,
    register: memoryRegister(),
    updates: memoryUpdates(),
    objections: memoryObjections(),
    monitoring: memoryMonitoring(),
    deliveries: noDeliveries,
    duplicates: noDuplicates,
    subjectRights: noSubjectRights,
    overlapMatrix: () => Promise.resolve(() => []),
    dukcapil: { url: nowhere, agency: 'dinsos', userId: 'alur', password: 'alur-demo', clientIp: '127.0.0.1' },
    pos: { url: nowhere, token: 'alur-demo' },
    notification: { url: nowhere, token: 'alur-demo' },
    readSetting: () => Promise.resolve(null),
    nowMs: () => Date.parse('2026-11-22T03:00:00Z'),
    today: () => '2026-11-22',
    timeoutMs: 400,
    ...change,
  };
}
export const jobRequest = (jobKey: string, change: Partial<JobRequest> = {}): JobRequest => ({
  instanceKey: '1048576',
  jobKey,
  processId: 'usulan-dtks',
  elementId: 'x',
  businessKey: '3215012001-202611-000001',
  region: '32.15.01.2001',
  headers: {},
  variables: {
    warga: '1',
    usulan: { nomor: '3215012001-202611-000001', program: 'BANPROV', periode: '2026-11', kodeDesa: '32.15.01.2001' },
  },
  ...change,
});
export const jobContext = (): JobContext & { readonly lines: string[] } => {
  const lines: string[] = [];
  const write = (fields: object, message: string): void => void lines.push(JSON.stringify(fields) + message);
  return { signal: new AbortController().signal, logger: { info: write, warn: write }, lines };
};
