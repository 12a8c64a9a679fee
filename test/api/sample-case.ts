/** A case with everything a route can ask for, written as facts and rows. */
import type { DecisionExplanation, Fact } from '#engine/fact.ts';
import { keyWithin } from '#engine/keys.ts';
import { insertDocument } from '#db/documents.ts';
import { sha256 } from '#files/store.ts';
import { createBatch } from '#db/batch-operations.ts';
import { searchAuditLogs } from '#db/queries/audit-logs.ts';
import { nextKey } from '#db/queries/definitions.ts';
import { insertImport, insertProposal } from '#db/queries/proposals.ts';
import { transaction } from '#db/pool.ts';
import { enterHelp } from '#db/registry/participations.ts';
import { registerPerson } from '#db/registry/people.ts';
import { recordFacts } from '#db/record-facts.ts';
import { inRegion } from '#db/region-scope.ts';
import type { Citizen } from '#db/vault.ts';
import type { ApiUnderTest } from './api-under-test.ts';

export const processId = 'contoh';
const explanation: DecisionExplanation = {
  decisionId: 'd',
  decisionName: null,
  inputs: {},
  matchedRules: [],
  output: true,
  required: [],
};

export interface SampleCase {
  readonly region: string;
  readonly nik: string;
  readonly businessKey: string;
  readonly instanceKey: string;
  readonly definitionKey: string;
  readonly userTaskKey: string;
  readonly jobKey: string;
  readonly incidentKey: string;
  readonly timerKey: string;
  readonly auditLogKey: string;
  readonly batchOperationKey: string;
  readonly elementInstanceKey: string;
  readonly subjectKey: string;
  readonly personKey: string;
  readonly familyKey: string;
  readonly importKey: string;
  readonly listImportKey: string;
  readonly proposalNumber: string;
  readonly fileKey: string;
  readonly documentKey: string;
}
/** Number of the family card of a sample; each has its own family. */
export const cardOf = (nik: string): string => `321501010110${nik.slice(-4)}`;
const citizen = (region: string, nik: string): Citizen => ({
  nik,
  noKk: cardOf(nik),
  nama: 'WARGA CONTOH',
  tempatLahir: null,
  tanggalLahir: '1985-05-15',
  jenisKelamin: 'P',
  ibuKandung: 'IBU CONTOH',
  hp: '081200000001',
  alamat: 'Jalan Contoh 1',
  rt: '001',
  rw: '002',
  penanda: null,
  lat: null,
  lon: null,
  kodeDesa: region,
});

export interface SampleOptions {
  readonly region: string;
  readonly nik: string;
  readonly definitionKey: string;
  readonly formId?: string | null;
  readonly groups?: readonly string[];
  readonly excludedUsers?: readonly string[];
}
export async function writeSampleCase(api: ApiUnderTest, options: SampleOptions): Promise<SampleCase> {
  const { region, nik, definitionKey, formId = null, groups = ['operator-desa'], excludedUsers = [] } = options;
  const instanceKey = await nextKey(api.worker);
  const businessKey = `nomor-${region}-${instanceKey}`;
  const subjectKey = await api.vault.create(api.worker, citizen(region, nik));
  const activated = (
    element: number,
    elementId: string,
    elementType: 'userTask' | 'serviceTask' | 'receiveTask',
  ): Fact => ({
    type: 'elementActivated',
    element,
    elementId,
    elementType,
    name: `Nama ${elementId}`,
    scope: 0,
    loopCounter: null,
  });
  const facts: Fact[] = [
    { type: 'instanceStarted', instanceKey, processId, definitionKey, version: 1, businessKey, region, parent: null },
    { type: 'variablesSet', scope: 0, variables: { warga: subjectKey, catatan: `rahasia ${region}` } },
    activated(1, 'periksa', 'userTask'),
    {
      type: 'userTaskCreated',
      task: 1,
      elementId: 'periksa',
      name: 'Periksa',
      formId,
      assignee: null,
      candidateGroups: groups,
      candidateUsers: [],
      dueMs: Date.now() + 3_600_000,
      followUpMs: null,
      priority: 50,
      headers: {},
      properties: {},
      excludedUsers,
    },
    activated(2, 'kirim', 'serviceTask'),
    {
      type: 'jobCreated',
      job: 3,
      element: 2,
      elementId: 'kirim',
      jobType: 'luar.kirim',
      retries: 3,
      headers: { arah: 'keluar' },
      purpose: { kind: 'element' },
    },
    activated(4, 'tunggu', 'receiveTask'),
    {
      type: 'messageSubscriptionOpened',
      subscription: 5,
      element: 4,
      elementId: 'tunggu',
      messageName: 'hasil',
      correlationKey: businessKey,
      closesOnCorrelation: true,
    },
    {
      type: 'signalSubscriptionOpened',
      subscription: 8,
      element: 4,
      elementId: 'henti',
      signalName: 'berhenti',
      closesOnSignal: true,
    },
    { type: 'conditionWatched', condition: 9, element: 4, elementId: 'ambang', closesOnTrue: true },
    {
      type: 'timerSet',
      timer: 6,
      element: 4,
      elementId: 'batas',
      dueMs: Date.now() + 86_400_000,
      repetitions: 0,
      interval: null,
    },
    {
      type: 'incidentRaised',
      incident: 7,
      element: 2,
      elementId: 'kirim',
      job: null,
      code: 'IO_MAPPING_ERROR',
      message: `gangguan ${region}`,
      stage: 'activate',
    },
    { type: 'decisionEvaluated', element: 2, elementId: 'kirim', explanation },
    { type: 'interventionMade', command: 'setVariables', reason: `alasan ${region}`, before: {}, after: {} },
  ];
  await recordFacts(api.worker, {
    instanceKey,
    processId,
    definitionKey,
    businessKey,
    region,
    facts: facts.map((fact, index) => ({
      number: index + 1,
      atMs: Date.now(),
      actor: 'system',
      commandKey: `k-${instanceKey}`,
      fact,
    })),
  });
  const jobKey = keyWithin(instanceKey, 3);
  await api.owner.query(
    "insert into parked_job (job_key, instance_key, type, variables, attempt) values ($1, $2, 'luar.kirim', '{}', 1)",
    [jobKey, instanceKey],
  );
  const importKey = await nextKey(api.worker);
  await insertImport(api.owner, { key: importKey, fileName: `berkas-${region}.csv`, region, createdBy: 'seseorang' });
  const proposalNumber = `${region.replaceAll('.', '')}-202611-${instanceKey}`;
  const proposal = {
    number: proposalNumber,
    sourceId: `sumber-${instanceKey}`,
    subjectKey,
    instanceKey,
    region,
    createdBy: 'seseorang',
  };
  await insertProposal(api.owner, { ...proposal, variables: {}, importKey });
  await api.owner.query('update proposal set started = true where number = $1', [proposalNumber]);
  const { rows } = await inRegion(api.app, '*', (db) =>
    searchAuditLogs(db, { processInstanceKey: instanceKey }, undefined, {}),
  );
  const auditLogKey = rows[0]?.auditLogKey ?? '';
  const batchOperationKey = await nextKey(api.worker);
  const filter = { processInstanceKey: instanceKey };
  await inRegion(api.app, region, (db) =>
    createBatch(db, {
      key: batchOperationKey,
      targets: { of: 'instances', type: 'SUSPEND_PROCESS_INSTANCE', filter: { columns: filter } },
      command: { type: 'suspendInstance' },
      filter,
      reason: `alasan ${region}`,
      region,
      canary: null,
      createdBy: 'seseorang',
    }),
  );
  const { personKey, familyKey } = await register(api, { subjectKey, region, proposalNumber });
  const { fileKey, documentKey } = await writeSamplePaper(api, region, instanceKey);
  return {
    region,
    nik,
    businessKey,
    instanceKey,
    definitionKey,
    userTaskKey: keyWithin(instanceKey, 1),
    jobKey,
    incidentKey: keyWithin(instanceKey, 7),
    timerKey: keyWithin(instanceKey, 6),
    auditLogKey,
    batchOperationKey,
    elementInstanceKey: keyWithin(instanceKey, 2),
    subjectKey,
    personKey,
    familyKey,
    importKey,
    listImportKey: await writeSampleList(api, region),
    proposalNumber,
    fileKey,
    documentKey,
  };
}

/** The person of the case in the register, with one help. */
async function register(
  api: ApiUnderTest,
  { subjectKey, region, proposalNumber }: Pick<SampleCase, 'subjectKey' | 'region' | 'proposalNumber'>,
): Promise<{ readonly personKey: string; readonly familyKey: string }> {
  return transaction(api.worker, async (db) => {
    const registered = await registerPerson(db, api.vault, { subjectKey, on: '2026-01-05', isNewest: true });
    const { personKey = '', familyKey = null } = registered ?? {};
    const help = { programme: 'PKH', source: 'APBN', period: '2026-11', unit: 'KK' } as const;
    await enterHelp(
      db,
      { personKey, familyKey },
      { ...help, region, proposalNumber, amount: 750_000, state: 'RESERVED', instanceKey: null },
      { key: `contoh ${proposalNumber}`, actor: 'seseorang' },
    );
    return { personKey, familyKey: familyKey ?? '' };
  });
}

/** A photo (of sorts) of the case, and an issued paper about it. */
async function writeSamplePaper(
  api: ApiUnderTest,
  region: string,
  caseKey: string,
): Promise<{ readonly fileKey: string; readonly documentKey: string }> {
  const content = Buffer.from(`%PDF-1.4 rahasia ${region}`);
  const storeKey = await api.files.put(content);
  const hash = sha256(content);
  const file = {
    storeKey,
    region,
    mediaType: 'application/pdf',
    bytes: content.length,
    originalHash: hash,
    storedHash: hash,
  };
  const capture = { client: null, exif: null };
  const fileKey = await api.fileRegister.insert(api.owner, {
    ...file,
    caseKey,
    kind: 'BUKTI_LAIN',
    capture,
    uploadedBy: 'seseorang',
  });
  const documentKey = await nextKey(api.worker);
  const number = `nomor/${documentKey}`;
  const issuedAt = new Date().toISOString();
  const paper = { documentKey, kind: 'BERITA_ACARA', number, region, caseKey, period: '2026-11', hash, fileKey };
  await insertDocument(api.owner, { ...paper, issuedBy: 'seseorang', issuedAt }, null);
  return { fileKey, documentKey };
}

const bpmn = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:contoh">
  <bpmn:process id="${processId}" name="Contoh" isExecutable="true">
    <bpmn:extensionElements><zeebe:properties><zeebe:property name="alur.region" value="=wilayah" /></zeebe:properties></bpmn:extensionElements>
    <bpmn:startEvent id="mulai"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="a" sourceRef="mulai" targetRef="periksa" />
    <bpmn:userTask id="periksa" name="Periksa">
      <bpmn:extensionElements>
        <zeebe:userTask /><zeebe:assignmentDefinition candidateGroups="operator-desa" />
      </bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="b" sourceRef="periksa" targetRef="selesai" />
    <bpmn:endEvent id="selesai"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="dia"><bpmndi:BPMNPlane id="plane" bpmnElement="${processId}">
    <bpmndi:BPMNShape id="s1" bpmnElement="mulai"><dc:Bounds x="100" y="100" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s2" bpmnElement="periksa"><dc:Bounds x="200" y="78" width="100" height="80" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s3" bpmnElement="selesai"><dc:Bounds x="360" y="100" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="e1" bpmnElement="a"><di:waypoint x="136" y="118" /><di:waypoint x="200" y="118" /></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="e2" bpmnElement="b"><di:waypoint x="300" y="118" /><di:waypoint x="360" y="118" /></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
`;
export const sampleBpmn = bpmn;

export function filesBody(files: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, content] of Object.entries(files)) form.append('resources', new Blob([content]), name);
  return form;
}
/** The form that an upload sends: fields first, then the file. */
export function fileBody(fields: Readonly<Record<string, string>>, content: BlobPart): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([content]), 'berkas');
  return form;
}
export const administrator = { name: 'admin', region: '*', roles: ['administrator'] } as const;

/** Publishes the sample process through the API; its definition key. */
export async function publishSample(api: ApiUnderTest, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await api.ask('post', '/v2/deployments', {
    token: await api.token(administrator),
    rawBody: filesBody({ 'contoh.bpmn': bpmn, ...files }),
  });
  if (answer.status !== 200) throw new Error(answer.text);
  const items = answer.body.deployments as { processDefinition: { processDefinitionKey: string } | null }[];
  return items.find((item) => item.processDefinition !== null)?.processDefinition?.processDefinitionKey ?? '';
}

/** A list that was imported, with nothing in it. */
async function writeSampleList({ owner, worker }: ApiUnderTest, region: string): Promise<string> {
  const key = await nextKey(worker);
  await owner.query(
    `insert into exchange_import (key, profile, file_name, file_sha256, region, header, created_by)
     values ($1, 'pkh', $2, sha256(convert_to($4, 'UTF8')), $3, '{nik}', 'seseorang')`,
    [key, `daftar-${region}.csv`, region, key],
  );
  return key;
}
