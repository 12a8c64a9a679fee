/**
 * The product in one process, for playing the demo without database or Temporal: the real definitions in the in-memory engine, the real
 * connectors against the real simulators, forms judged by the real rules, and as much of the HTTP API as the demo uses. Time runs faster.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import express, { type Express, type Request, type Response } from 'express';
import { addressFacts } from '#activities/connectors/dtks.ts';
import type { Wait, WaitingCase } from '#db/queries/waiting-cases.ts';
import { regionCovers } from '#db/region-scope.ts';
import { createContinuedHelpJobs } from '#activities/connectors/continued-help.ts';
import { createConnectors } from '#activities/connectors/index.ts';
import type { ItemDeps } from '#activities/connectors/item-deps.ts';
import { createItemFileJobs } from '#activities/connectors/item-files.ts';
import { createItemJobs } from '#activities/connectors/item-jobs.ts';
import type { ConnectorDeps } from '#activities/connectors/ports.ts';
import type { JobHandler } from '#activities/job-handler.ts';
import { noSurveys } from '../connectors/fixtures.ts';
import { judgeForm } from '#api/forms/validate.ts';
import { readUpload } from '#api/upload.ts';
import { fileLimits } from '#contract/file.ts';
import { compileDeployment } from '#bpmn/deployment.ts';
import { parseDecisions } from '#bpmn/dmn.ts';
import type { Citizen } from '#db/vault.ts';
import type { Json, JsonObject, Variables } from '#engine/json.ts';
import { instanceOf, keyWithin, sequenceOf } from '#engine/keys.ts';
import { MemoryHost } from '#engine/memory.ts';
import { policyInForce, type DatedPolicy } from '#registry/policy.ts';
import type { ParticipationState } from '#registry/participation.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import { mappingProfile } from '#exchange/profile.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { memoryItems } from '../support/memory-items.ts';
import { memoryLedger } from '../support/memory-ledger.ts';
import { memoryMonitoring, memoryObjections, memoryUpdates } from '../support/memory-updates.ts';
import { noDuplicates, noSubjectRights } from '../support/subject-fakes.ts';

const definitions = join(process.cwd(), 'definitions', 'dtks');
const readDefinition = (name: string): string => readFileSync(join(definitions, name), 'utf8');
/** Virtual milliseconds per real one. */
const speed = 5;
const tickMs = 100;
const parallelJobs = 16;

const readJson = (name: string): Json => JSON.parse(readDefinition(name)) as Json;
const settings: Readonly<Record<string, Json>> = {
  'dtks.tenggat': readJson('tenggat.json'),
  'dtks.kebijakan': readJson('kebijakan.json'),
  'dtks.kalender': readJson('kalender.json'),
};
const policies = readJson('kebijakan.json') as unknown as readonly DatedPolicy[];

const always =
  (variables: Variables): JobHandler =>
  () =>
    Promise.resolve({ outcome: 'completed', variables });
/** Jobs that look into the database, answered as for an ordinary recipient of a village without a waiting list. */
const ofTheDatabase: Readonly<Record<string, JobHandler>> = {
  'dtks.fakta-penerima': always({
    penerima: { umur: 40, disabilitasBerat: false, sakit: false, jarakKm: 2 },
    desa: { jumlahPenerima: 20 },
  }),
  'dtks.terbitkan-undangan': always({ undangan: { nomor: 'UND-1' } }),
  'dtks.terbitkan-dokumen': always({ terbitan: { nomor: '460/1', dokumen: [] } }),
  'dtks.daftar-tunggu': always({ daftarTunggu: [] }),
};

async function decisionsOf(names: readonly string[]): Promise<Record<string, DecisionModel[]>> {
  const found: Record<string, DecisionModel[]> = {};
  for (const name of names.filter((one) => one.endsWith('.dmn'))) {
    const parsed = await parseDecisions(readDefinition(name));
    if (parsed.ok) for (const decision of parsed.decisions) (found[decision.id] ??= []).push(decision);
  }
  return found;
}

type Row = Record<string, string>;
interface Submitted {
  readonly sourceId: string;
  readonly number: string;
  readonly subjectKey: string;
  readonly instanceKey: string;
  readonly region: string;
}

const citizenOf = (row: Row): Citizen => {
  const text = (name: string): string => row[name] ?? '';
  const maybe = (name: string): string | null => text(name) || null;
  const number = (name: string): number | null => (text(name) === '' ? null : Number(text(name)));
  return {
    nik: text('nik'),
    noKk: text('no_kk'),
    nama: text('nama'),
    tempatLahir: maybe('tempat_lahir'),
    tanggalLahir: text('tanggal_lahir'),
    jenisKelamin: text('jenis_kelamin') === 'P' ? 'P' : 'L',
    ibuKandung: maybe('ibu_kandung'),
    hp: maybe('hp'),
    alamat: maybe('alamat'),
    rt: maybe('rt'),
    rw: maybe('rw'),
    penanda: maybe('penanda'),
    lat: number('lat'),
    lon: number('lon'),
    kodeDesa: text('kode_desa'),
  };
};

export class MemoryProduct {
  readonly host: MemoryHost;
  readonly app: Express;
  readonly handlers: Record<string, JobHandler>;
  /** What must not happen: refused forms, incidents, numbers of citizens in outcomes. */
  readonly faults: string[] = [];
  readonly #citizens = new Map<string, Citizen>();
  readonly #submitted: Submitted[] = [];
  readonly #forms = new Map<string, JsonObject>();
  readonly #files = memoryFiles();
  readonly #ledger = memoryLedger();
  readonly #taken = new Set<string>();
  /** Keys of commands that were done. */
  readonly #completions = new Set<string>();
  readonly #failures = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  #running = 0;

  private constructor(
    host: MemoryHost,
    urls: { readonly dukcapil: string; readonly pos: string; readonly notification: string },
    decisions: Readonly<Record<string, readonly DecisionModel[]>>,
  ) {
    this.host = host;
    const deps: ConnectorDeps = {
      readSubject: (key) => Promise.resolve(this.#citizens.get(key) ?? null),
      findEarlierProposals: (key) => Promise.resolve(this.#earlier(key)),
      waitingCases: (wait) => Promise.resolve(this.#waiting(wait)),
      surveys: noSurveys,
      register: this.#ledger.register,
      updates: {
        ...memoryUpdates(),
        ...this.#ledger.updates,
        listed: (village) =>
          Promise.resolve(
            this.#ledger.recipients(village).flatMap(({ number, subjectKey }) => {
              const citizen = this.#citizens.get(subjectKey);
              return citizen === undefined ? [] : [{ number, subjectKey, citizen }];
            }),
          ),
      },
      objections: {
        ...memoryObjections(),
        disputed: (wanted) => {
          const found = this.#submitted.find(({ number }) => number === wanted);
          if (found === undefined) return Promise.resolve(null);
          const { variables } = this.host.stateOf(found.instanceKey).elements[0] ?? { variables: {} };
          const { program = '', periode = '' } = (variables as { usulan?: Row }).usulan ?? {};
          const { region: village, subjectKey } = found;
          return Promise.resolve({ village, program, period: periode, subjectKey, surveyors: [] });
        },
      },
      monitoring: memoryMonitoring(),
      deliveries: this.#ledger.deliveries,
      duplicates: noDuplicates,
      subjectRights: noSubjectRights,
      overlapMatrix: () => Promise.resolve(() => []),
      dukcapil: { url: urls.dukcapil, agency: 'dinsos', userId: 'alur', password: 'x', clientIp: '127.0.0.1' },
      pos: { url: urls.pos, token: 'x' },
      notification: { url: urls.notification, token: 'x' },
      readSetting: (name) => Promise.resolve(settings[name] ?? null),
      nowMs: () => this.host.nowMs,
      today: () => new Date(this.host.nowMs).toISOString().slice(0, 10),
    };
    const items = memoryItems();
    const itemDeps: ItemDeps = {
      items,
      waitingCases: deps.waitingCases,
      decisionVersions: () => Promise.resolve(decisions),
      newKeys: (count) => Promise.resolve(Array.from({ length: count }, (_, index) => String(index + 1))),
      publish: (message) => {
        this.host.publish(message);
        return Promise.resolve();
      },
      nowMs: deps.nowMs,
    };
    const itemFiles = createItemFileJobs({
      items,
      readSubject: deps.readSubject,
      profile: (id) => Promise.resolve(mappingProfile.parse(readJson(`profil/${id}.json`))),
      files: this.#files.lists,
      today: deps.today,
    });
    this.handlers = {
      ...createConnectors(deps),
      ...createItemJobs(itemDeps),
      ...createContinuedHelpJobs({ ...itemDeps, deliveries: deps.deliveries }),
      ...itemFiles,
      ...ofTheDatabase,
    };
    this.app = this.#routes();
  }

  static async create(urls: {
    readonly dukcapil: string;
    readonly pos: string;
    readonly notification: string;
  }): Promise<MemoryProduct> {
    const names = readdirSync(definitions).filter((name) => /\.(bpmn|dmn|form)$/.test(name));
    const deployment = await compileDeployment(
      names.map((name) => ({ name, content: readDefinition(name) })),
      { decisions: {}, formIds: [] },
    );
    if (!deployment.ok) throw new Error(JSON.stringify(deployment.report));
    const host = new MemoryHost(Date.now());
    host.deploy(deployment.processes.map(({ model }) => model));
    const product = new MemoryProduct(host, urls, await decisionsOf(names));
    for (const name of names.filter((one) => one.endsWith('.form'))) {
      const schema = JSON.parse(readDefinition(name)) as JsonObject & { id: string };
      product.#forms.set(schema.id, schema);
    }
    return product;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.host.advanceTime(this.host.nowMs + tickMs * speed);
      this.#work();
    }, tickMs);
  }
  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  // Jobs: open ones are handed to their connectors, some at a time.
  #work(): void {
    if (this.#stopped) return;
    for (const job of this.host.jobs()) {
      if (this.#running >= parallelJobs) return;
      const failures = this.#failures.get(job.key) ?? 0;
      const name = `${job.key}/${failures}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      this.#running += 1;
      void this.#run(job, failures).finally(() => {
        this.#running -= 1;
        this.#work();
      });
    }
  }
  async #run(job: ReturnType<MemoryHost['jobs']>[number], failures: number): Promise<void> {
    const { key: jobKey, type, instanceKey, processId, elementId, headers, variables } = job;
    const { businessKey, region } = this.host.stateOf(instanceKey);
    const handler = this.handlers[type];
    if (handler === undefined) throw new Error(`no connector ${type}`);
    const context = { signal: new AbortController().signal, logger: { info: () => undefined, warn: () => undefined } };
    const outcome = await handler(
      { instanceKey, jobKey, processId, elementId, businessKey, region, headers, variables },
      context,
    );
    if (JSON.stringify(outcome).match(/\d{16}/)) this.faults.push(`a citizen's number in the outcome of ${type}`);
    if (outcome.outcome === 'completed') this.host.completeJob(jobKey, outcome.variables);
    else if (outcome.outcome === 'error') this.host.throwJobError(jobKey, outcome.code, outcome.variables ?? {});
    else {
      this.#failures.set(jobKey, failures + 1);
      const { retries = job.retries - 1, message, retryAfterMs = null } = outcome;
      this.host.send(instanceKey, { type: 'failJob', job: sequenceOf(jobKey), retries, message, retryAfterMs });
    }
  }
  #earlier(key: string) {
    const index = this.#submitted.findIndex((one) => one.subjectKey === key);
    const self = this.#citizens.get(key);
    if (self === undefined) return [];
    return this.#submitted.slice(0, index < 0 ? this.#submitted.length : index).flatMap(({ number, subjectKey }) => {
      const fields = this.#citizens.get(subjectKey);
      if (fields === undefined) return [];
      const near = [
        fields.nik === self.nik,
        fields.noKk === self.noKk,
        fields.tanggalLahir === self.tanggalLahir,
        fields.alamat === self.alamat,
        fields.hp === self.hp,
      ];
      return near.includes(true) ? [{ number, fields }] : [];
    });
  }
  #waiting(wait: Wait): WaitingCase[] {
    return this.#active().flatMap(([, { region, subscriptions, elements }]) => {
      const scopes = Object.values(elements).map(({ variables }) => variables);
      const known: Variables = Object.assign({}, ...scopes);
      const variables = Object.fromEntries(
        wait.variables.flatMap((name) => (name in known ? [[name, known[name] ?? null]] : [])),
      );
      const waits = Object.values(subscriptions).filter(({ messageName }) => messageName === wait.messageName);
      return region !== null && regionCovers(wait.region, region)
        ? waits.map(({ correlationKey }) => ({ correlationKey, region, variables }))
        : [];
    });
  }
  #active() {
    return this.host
      .instanceKeys()
      .map((key) => [key, this.host.stateOf(key)] as const)
      .filter(([, state]) => state.status === 'active');
  }

  #importRow(row: Row, period: string): void {
    const sourceId = row['id_sumber'] ?? '';
    if (this.#submitted.some((one) => one.sourceId === sourceId)) return;
    const index = this.#submitted.length + 1;
    const region = row['kode_desa'] ?? '';
    const subjectKey = String(index * 1_048_576);
    const citizen = citizenOf(row);
    this.#citizens.set(subjectKey, citizen);
    const number = `${region.replaceAll('.', '')}-${period.replace('-', '')}-${String(index).padStart(6, '0')}`;
    const profiles = JSON.parse(readDefinition('tenggat.json')) as Record<string, JsonObject>;
    const variables: Variables = {
      usulan: {
        nomor: number,
        kodeDesa: region,
        kanal: row['kanal'] ?? '',
        jenis: 'BARU',
        program: row['program_usulan'] ?? '',
        periode: period,
      },
      warga: subjectKey,
      rumahTangga: {
        jumlahAnggota: Number(row['jumlah_anggota']),
        pekerjaan: row['pekerjaan'] ?? '',
        programDiterima: (row['program_diterima'] ?? '').split(';').filter(Boolean),
      },
      alamat: addressFacts(citizen),
      tenggat: profiles[row['profil_tenggat'] ?? 'baku'] ?? {},
      kebijakan: policyInForce(policies, '2026-11-22') as JsonObject | null,
    };
    this.#submitted.push({ sourceId, number, subjectKey, instanceKey: '', region });
    const created = this.host.createInstance({ processId: 'usulan-dtks', variables });
    if ('code' in created) throw new Error(created.message);
    this.#submitted[index - 1] = { sourceId, number, subjectKey, instanceKey: created.instanceKey, region };
  }

  #taskView(key: string, instanceKey: string) {
    const state = this.host.stateOf(instanceKey);
    const facts = this.host.factsOf(instanceKey).map(({ fact, actor }) => ({ fact, actor }));
    const created = facts.find(
      ({ fact }) => fact.type === 'userTaskCreated' && keyWithin(instanceKey, fact.task) === key,
    )?.fact;
    if (created?.type !== 'userTaskCreated') return null;
    const done = facts.find(
      ({ fact }) => fact.type === 'userTaskCompleted' && keyWithin(instanceKey, fact.task) === key,
    );
    return {
      userTaskKey: key,
      elementId: created.elementId,
      processDefinitionId: state.processId,
      state: done === undefined ? 'CREATED' : 'COMPLETED',
      assignee: null,
      candidateGroups: created.candidateGroups,
      formKey: '1',
      formId: created.formId,
      processInstanceKey: instanceKey,
      rootProcessInstanceKey: state.parent?.rootInstanceKey ?? null,
      excludedUsers: created.excludedUsers,
      case: { businessKey: state.businessKey, completedBy: done?.actor ?? null },
    };
  }

  #complete(req: Request, res: Response, account: string): void {
    // A repeated command whose answer was lost.
    const idempotencyKey = req.get('Idempotency-Key') ?? '';
    if (this.#completions.has(idempotencyKey)) {
      res.status(204).end();
      return;
    }
    const key = String(req.params['key']);
    const open = this.host.userTasks().find((task) => task.key === key);
    const view = open === undefined ? null : this.#taskView(key, open.instanceKey);
    if (open === undefined || view === null) {
      refuse(res, 409, 'wrongState', `task ${key} is not open`);
      return;
    }
    if (view.excludedUsers.includes(account)) {
      refuse(res, 403, 'fourEyes', view.elementId);
      return;
    }
    const schema = this.#forms.get(view.formId ?? '');
    const body = (req.body as { variables?: JsonObject }).variables ?? {};
    const judged = judgeForm(schema ?? {}, body, {
      variables: open.variables,
      shown: new Map(),
      nowMs: this.host.nowMs,
      zone: 'Asia/Jakarta',
    });
    if (judged.faults.length > 0) {
      this.faults.push(`${view.elementId}: ${JSON.stringify(judged.faults)}`);
      refuse(res, 422, 'invalidForm', `${view.elementId}: ${JSON.stringify(judged.faults)}`);
      return;
    }
    const warga = open.variables['warga'];
    const subjectKey = typeof warga === 'string' ? warga : '';
    const citizen = this.#citizens.get(subjectKey);
    if (citizen !== undefined) this.#citizens.set(subjectKey, { ...citizen, ...(judged.vault as Partial<Citizen>) });
    const rejection = this.host.completeUserTask(key, judged.variables, account);
    if (rejection === null) {
      this.#completions.add(idempotencyKey);
      res.status(204).end();
    } else refuse(res, 409, 'wrongState', rejection.message);
    this.#work();
  }

  #routes(): Express {
    const app = express().use(express.json({ limit: '20mb' }), express.text({ type: 'text/csv', limit: '50mb' }));
    const account = (req: Request): string =>
      /alur_session=([^;]+)/.exec(req.get('Cookie') ?? '')?.[1] ??
      (req.get('Authorization') ?? '').replace('Bearer ', '');
    app.post('/v2/session', (req, res) => {
      res
        .cookie('alur_session', (req.body as { name: string }).name)
        .json({ csrfToken: 'x', account: {}, expiresAt: null });
    });
    app.post(
      '/v2/access-tokens',
      (req, res) => void res.status(201).json({ token: (req.body as { account: string }).account }),
    );
    app.post('/v2/proposals/imports', (req, res) => {
      for (const row of parse<Row>(String(req.body), { columns: true })) this.#importRow(row, queried(req, 'period'));
      this.#work();
      res.status(202).json({ importKey: '1' });
    });
    app.get('/v2/proposals/imports/1', (_, res) => {
      const rows = this.#submitted.length;
      res.json({
        importKey: '1',
        state: 'COMPLETED',
        rowsRead: rows,
        rowsImported: rows,
        rowsRepeated: 0,
        rowsRejected: 0,
        problems: [],
      });
    });
    app.post(
      '/v2/proposals/search',
      (_, res) => void res.json(listOf(this.#submitted.map((one) => this.#proposalView(one)))),
    );
    app.post('/v2/user-tasks/search', (req, res) => {
      const { candidateGroup, userTaskKey } = (
        req.body as { filter: { candidateGroup?: string; userTaskKey?: { $in: string[] } } }
      ).filter;
      const keys =
        userTaskKey?.$in.map((key) => [key, instanceOf(key)] as const) ??
        this.host.userTasks().map((task) => [task.key, task.instanceKey] as const);
      const views = keys.map(([key, instanceKey]) => this.#taskView(key, instanceKey)).filter((view) => view !== null);
      res.json(
        listOf(views.filter((view) => candidateGroup === undefined || view.candidateGroups.includes(candidateGroup))),
      );
    });
    app.post('/v2/user-tasks/:key/assignment', (_, res) => void res.status(204).end());
    app.get('/v2/user-tasks/:key/form', (_, res) => void res.json({}));
    app.post('/v2/user-tasks/:key/completion', (req, res) => this.#complete(req, res, account(req)));
    app.post('/v2/user-tasks/:key/variables/search', (req, res) => {
      const { name } = (req.body as { filter: { name: string } }).filter;
      const task = this.host.userTasks().find(({ key }) => key === req.params.key);
      res.json(listOf([{ name, value: JSON.stringify(task?.variables[name] ?? null) }]));
    });
    this.#fileRoutes(app);
    this.#reportRoutes(app);
    this.#instanceRoutes(app);
    return app;
  }
  #fileRoutes(app: Express): void {
    app.post('/v2/files', (req, res) => {
      void readUpload(req, fileLimits.uploadBytes)
        .then(({ fields, content }) => this.#files.put(fields['caseKey'] ?? '', fields['kind'] ?? '', content))
        .then((fileKey) => res.status(201).json({ fileKey }));
    });
    app.get('/v2/files/:key', (req, res) => {
      void this.#files.get(req.params.key).then((content) => {
        if (content === null) refuse(res, 404, 'notFound', 'file');
        else res.type('application/octet-stream').send(content);
        return undefined;
      });
    });
  }
  /** The books; nobody in memory holds two kinds of help. */
  #reportRoutes(app: Express): void {
    app.get('/v2/reports/payments', (req, res) => {
      const sums = this.#ledger.reconcile(queried(req, 'period'));
      const figures: Readonly<Record<string, number>> = {
        allocatedAmount: sums.dialokasikan,
        paidAmount: sums.terbayar,
        returnedAmount: sums.dikembalikan,
        pendingAmount: sums.tertunda,
        wrong: sums.jumlahSelisih,
      };
      const columns = Object.keys(figures).map((name) => ({ name }));
      res.json({ columns, total: Object.values(figures), rows: [{ key: 'all' }] });
    });
    app.get('/v2/reports/:report/cases', (req, res) => {
      const state = req.params.report === 'payments' ? stateOfColumn[queried(req, 'column')] : undefined;
      const items = state === undefined ? [] : this.#ledger.listed(queried(req, 'period'), state);
      res.json({ items, next: null });
    });
  }
  #instanceRoutes(app: Express): void {
    app.post('/v2/process-instances/search', (req, res) => {
      const { elementId, processInstanceKey, processDefinitionId, state } = (
        req.body as {
          filter: {
            elementId?: string;
            processInstanceKey?: { $in: string[] };
            processDefinitionId?: string;
            state?: 'ACTIVE';
          };
        }
      ).filter;
      const keys =
        processInstanceKey?.$in ??
        this.host.instanceKeys().filter((key) => {
          const { processId, status } = this.host.stateOf(key);
          return processId === processDefinitionId && (state === undefined || status === 'active');
        });
      const found = keys.filter(
        (key) =>
          elementId === undefined ||
          Object.values(this.host.stateOf(key).elements).some((element) => element.elementId === elementId),
      );
      res.json(
        listOf(
          found.map((key) => ({
            processInstanceKey: key,
            businessId: this.host.stateOf(key).businessKey,
            state: this.host.stateOf(key).status === 'active' ? 'ACTIVE' : 'COMPLETED',
            case: { endElements: this.host.stateOf(key).endElements },
          })),
        ),
      );
    });
    app.post('/v2/process-instances', (req, res) => {
      const { processDefinitionId, variables } = req.body as { processDefinitionId: string; variables: Variables };
      const created = this.host.createInstance({ processId: processDefinitionId, variables });
      this.#work();
      if ('code' in created) refuse(res, 422, 'noStartEvent', created.message);
      else res.json({ processInstanceKey: created.instanceKey });
    });
    app.put('/v2/element-instances/:key/variables', (req, res) => {
      const { variables } = req.body as { variables: Variables };
      this.host.send(req.params.key, { type: 'setVariables', scope: 0, variables, local: false });
      res.status(204).end();
    });
    app.post('/v2/messages/publication', (req, res) => {
      const { name, correlationKey, timeToLive, messageId, variables } = req.body as {
        name: string;
        correlationKey: string;
        timeToLive: number;
        messageId: string;
        variables: Variables;
      };
      this.host.publish({ name, correlationKey, timeToLiveMs: timeToLive, messageId, variables });
      this.#work();
      res.json({ messageKey: '1' });
    });
    app.post('/v2/incidents/search', (_, res) => {
      const incidents = this.host
        .instanceKeys()
        .flatMap((key) =>
          Object.values(this.host.stateOf(key).incidents).map((incident) => `${incident.elementId} ${incident.code}`),
        );
      this.faults.push(...incidents);
      res.json(listOf([]));
    });
    app.get('/v2/cases/:key/timeline', (req, res) => {
      const facts = this.host.factsOf(req.params.key).filter(({ fact }) => fact.type === 'userTaskCompleted');
      res.json({ items: facts.map(() => ({ kind: 'userTaskCompleted' })), next: null });
    });
  }
  #proposalView({ sourceId, number, instanceKey, region }: Submitted) {
    const state = this.host.stateOf(instanceKey);
    const ended = state.status !== 'active';
    return {
      sourceId,
      proposalNumber: number,
      processInstanceKey: instanceKey,
      region,
      state: ended ? 'COMPLETED' : 'ACTIVE',
      endElements: ended ? state.endElements : [],
    };
  }
}

const listOf = (items: readonly unknown[]): object => ({
  items,
  page: { totalItems: items.length, hasMoreTotalItems: false, startCursor: null, endCursor: null },
});
const stateOfColumn: Readonly<Record<string, ParticipationState>> = {
  paid: 'PAID',
  returned: 'RETURNED',
  pending: 'RESERVED',
};
const queried = (req: Request, name: string): string => {
  const value = req.query[name];
  return typeof value === 'string' ? value : '';
};
function refuse(res: Response, status: number, code: string, detail: string): void {
  res.status(status).json({ type: 'about:blank', title: code, status, detail, instance: '', code });
}
