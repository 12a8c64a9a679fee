/** A sensible request for every route of the contract: tests that walk the table fail when a route has none. */
import type { routes } from '#contract/routes.ts';
import { cardOf, fileBody, filesBody, sampleBpmn } from './sample-case.ts';
import type { SampleCase } from './sample-case.ts';

export interface RouteRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly rawBody?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
}
export type RouteName = keyof typeof routes;
type BodyInit = NonNullable<RequestInit['body']>;

/** Names in the region of a case: an account that lives there, and its token. */
export interface Names {
  readonly account: string;
  readonly accessTokenId: string;
}
export const proposalIn = (region: string, sourceId: string, nik = '3215015505850001') => ({
  sourceId,
  nik,
  noKk: '3215010101100002',
  nama: 'WARGA LAIN',
  tanggalLahir: '1985-05-15',
  jenisKelamin: 'P',
  kodeDesa: region,
  jumlahAnggota: 3,
  pekerjaan: 'BURUH',
  programUsulan: 'PKH',
  kanal: 'MUSDES',
});

export const requestsFor = (target: SampleCase, names: Names): Readonly<Record<RouteName, RouteRequest>> => {
  const instance = { processInstanceKey: target.instanceKey };
  // On clocks of western Indonesia, as a region's months are.
  const month = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 7);
  const ofThisMonth = `region=${target.region}&period=${month}`;
  const own = { filter: instance };
  const task = { userTaskKey: target.userTaskKey };
  const job = { jobKey: target.jobKey };
  const timer = { timerKey: target.timerKey };
  const batch = { batchOperationKey: target.batchOperationKey };
  const why = { reason: 'memeriksa perbaikan' };
  const definition = { processDefinitionKey: target.definitionKey };
  const subject = { subjectKey: target.subjectKey };
  const person = { personKey: target.personKey };
  const account = { name: names.account };
  const listImport = { importKey: target.listImportKey };
  const schedule = { startScheduleKey: target.definitionKey };
  return {
    decodePayloads: { body: { payloads: [] } },
    encodePayloads: { body: { payloads: [] } },
    getTopology: {},
    getStatus: {},
    getLicense: {},
    getAuthentication: {},
    getLiveness: {},
    getReadiness: {},
    getOpenApi: {},
    getDocs: {},
    streamEvents: {},
    signIn: { body: { name: names.account, password: 'wrong' } },
    signOut: {},
    getSession: {},
    changeLocale: { body: { locale: 'id' } },
    changePassword: { body: { currentPassword: 'wrong', newPassword: 'another one' } },
    searchAccounts: { body: { filter: { region: target.region } } },
    createAccount: {
      body: {
        name: `baru-${target.instanceKey}`,
        displayName: 'Baru',
        roles: ['operator'],
        region: target.region,
        password: 'rahasia sekali',
      },
    },
    getAccount: { params: account },
    updateAccount: { params: account, body: { displayName: 'Lain' } },
    createAccessToken: { body: { account: names.account, label: 'x' } },
    searchAccessTokens: { body: { filter: { account: names.account } } },
    revokeAccessToken: { params: { accessTokenId: names.accessTokenId } },
    createDeployment: { rawBody: filesBody({ 'contoh.bpmn': sampleBpmn }) },
    checkDeployment: { rawBody: filesBody({ 'contoh.bpmn': sampleBpmn }) },
    checkImpact: { rawBody: filesBody({ 'contoh.bpmn': sampleBpmn }) },
    deleteResource: { params: { resourceKey: target.definitionKey } },
    searchProcessDefinitions: { body: {} },
    getProcessDefinition: { params: definition },
    getImpact: { params: definition, body: { targetProcessDefinitionKey: target.definitionKey } },
    getProcessDefinitionXml: { params: definition },
    getProcessDefinitionForm: { params: definition },
    getProcessDefinitionAdmission: { params: definition },
    declareLatestProcessDefinition: { params: definition, body: { reason: 'uji' } },
    suspendProcessDefinition: { params: definition, body: { reason: 'uji' } },
    resumeProcessDefinition: { params: definition, body: { reason: 'uji' } },
    createProcessInstance: { body: { processDefinitionId: 'contoh', variables: { wilayah: target.region } } },
    getProcessInstance: { params: instance },
    searchProcessInstances: { body: { ...own, include: ['case'] } },
    cancelProcessInstance: { params: instance, body: { reason: 'uji' } },
    suspendProcessInstance: { params: instance, body: why },
    migrateProcessInstance: {
      params: instance,
      body: { ...why, targetProcessDefinitionKey: target.definitionKey, mappingInstructions: [] },
    },
    revertMigration: { params: instance, body: why },
    resumeProcessInstance: { params: instance, body: why },
    modifyProcessInstance: { params: instance, body: { activateInstructions: [{ elementId: 'periksa' }], ...why } },
    sendBackProcessInstance: { params: instance, body: { to: 'periksa', ...why } },
    restartProcessInstance: { params: instance, body: why },
    searchTimers: { body: own },
    updateTimer: { params: timer, body: { dueDate: '2030-01-01T00:00:00Z', ...why } },
    triggerTimer: { params: timer, body: why },
    updateJob: { params: job, body: { changeset: { retries: 2 }, ...why } },
    retryJob: { params: job, body: why },
    skipJob: { params: job, body: why },
    searchAuditLogs: { body: own },
    getAuditLog: { params: { auditLogKey: target.auditLogKey } },
    cancelProcessInstances: { body: { ...own, ...why } },
    migrateProcessInstances: {
      body: {
        ...own,
        ...why,
        migrationPlan: { targetProcessDefinitionKey: target.definitionKey, mappingInstructions: [] },
      },
    },
    modifyProcessInstances: {
      body: { ...own, ...why, moveInstructions: [{ sourceElementId: 'periksa', targetElementId: 'selesai' }] },
    },
    resolveIncidents: { body: { ...own, ...why } },
    suspendProcessInstances: { body: { ...own, ...why } },
    revertMigrations: { body: { ...own, ...why } },
    resumeProcessInstances: { body: { ...own, ...why } },
    setProcessInstancesVariables: { body: { ...own, ...why, variables: { a: 1 } } },
    retryJobs: { body: { ...own, ...why } },
    searchBatchOperations: { body: { filter: batch } },
    getBatchOperation: { params: batch },
    searchBatchOperationItems: { body: { filter: batch } },
    suspendBatchOperation: { params: batch, body: why },
    resumeBatchOperation: { params: batch, body: why },
    cancelBatchOperation: { params: batch, body: why },
    activateAdHocElements: {
      params: { adHocSubProcessInstanceKey: target.instanceKey },
      body: { elements: [{ elementId: 'kirim' }] },
    },
    searchElementInstances: { body: own },
    searchUserTasks: { body: { ...own, include: ['case'] } },
    getUserTask: { params: task },
    assignUserTask: { params: task, body: {} },
    unassignUserTask: { params: task },
    completeUserTask: { params: task, body: { variables: {} } },
    updateUserTask: { params: task, body: { changeset: { priority: 80 } } },
    escalateUserTask: { params: task, body: { escalationCode: 'lambat' } },
    getUserTaskForm: { params: task, query: 'data=true' },
    searchUserTaskVariables: { params: task, body: {} },
    searchVariables: { body: own },
    setElementInstanceVariables: {
      params: { elementInstanceKey: target.instanceKey },
      body: { variables: { a: 1 }, ...why },
    },
    searchIncidents: { body: { ...own, include: ['case'] } },
    getIncident: { params: { incidentKey: target.incidentKey } },
    resolveIncident: { params: { incidentKey: target.incidentKey }, body: why },
    activateJobs: { body: { type: 'luar.kirim', timeout: 1, maxJobsToActivate: 10, requestTimeout: -1 } },
    completeJob: { params: job, body: {} },
    failJob: { params: job, body: {} },
    throwJobError: { params: job, body: { errorCode: 'X' } },
    searchJobs: { body: own },
    listJobTypes: {},
    suspendJobType: { params: { jobType: 'uji' }, body: { reason: 'uji' } },
    resumeJobType: { params: { jobType: 'uji' }, body: { reason: 'uji' } },
    searchStartSchedules: { body: {} },
    getStartScheduleTimes: { params: schedule, query: 'count=3' },
    previewStartSchedule: { body: { value: '0 0 8 * * MON-FRI' } },
    pauseStartSchedule: { params: schedule, body: { reason: 'uji' } },
    resumeStartSchedule: { params: schedule, body: { reason: 'uji' } },
    backfillStartSchedule: {
      params: schedule,
      body: { reason: 'uji', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' },
    },
    publishMessage: { body: { name: 'hasil', correlationKey: target.businessKey } },
    correlateMessage: { body: { name: 'hasil', correlationKey: target.businessKey } },
    broadcastSignal: { body: { signalName: 'berhenti' } },
    evaluateConditionals: { body: { variables: { saldo: 0 } } },
    setClock: { body: { timestamp: 0 } },
    resetClock: {},
    getCase: { params: { caseKey: target.instanceKey } },
    getCaseTimeline: { params: { caseKey: target.instanceKey } },
    getCaseFacts: { params: { caseKey: target.instanceKey } },
    getCaseMoment: { params: { caseKey: target.instanceKey, factNumber: '1' } },
    supposeCase: {
      params: { caseKey: target.instanceKey, factNumber: '1' },
      body: { suppositions: [{ type: 'setVariables', variables: { x: 1 } }] },
    },
    checkDecisions: { rawBody: filesBody({ 'contoh.bpmn': sampleBpmn }) },
    checkRegression: { rawBody: filesBody({ 'contoh.bpmn': sampleBpmn }) },
    getCaseDecisions: { params: { caseKey: target.instanceKey } },
    createProposal: { body: proposalIn(target.region, `baru-${target.instanceKey}`) },
    searchProposals: { body: { filter: { processInstanceKey: target.instanceKey } } },
    listExchangeProfiles: {},
    getExchangeTemplate: { params: { fileName: 'pkh.xlsx' } },
    importList: { query: '?profile=pkh', rawBody: 'NIK', headers: { 'Content-Type': 'text/csv' } },
    listExchangeImports: {},
    getExchangeImport: { params: listImport },
    getExchangeFailedRows: { params: listImport },
    getExchangeReport: { params: listImport },
    listExchangeRows: { params: listImport },
    getExchangeRows: { params: listImport },
    decideExchangeRow: {
      params: { ...listImport, line: '2' },
      body: { decision: 'SAME', reason: 'memeriksa KTP' },
    },
    importProposals: { rawBody: 'id_sumber\n', headers: { 'Content-Type': 'text/csv' } },
    listImports: {},
    getImport: { params: { importKey: target.importKey } },
    // Told by what only the case's person has: nothing of another region may be found.
    searchPersons: { body: { filter: { name: 'Warga Contoh', birthDate: '1985-05-15' } } },
    getPerson: { params: person },
    listParticipations: { params: person },
    listPersonCases: { params: person },
    searchFamilies: { body: { filter: { cardNumber: cardOf(target.nik) } } },
    getFamily: { params: { familyKey: target.familyKey } },
    issueCitizenCode: { params: { proposalNumber: target.proposalNumber } },
    showStatusToCitizen: { body: { proposalNumber: target.proposalNumber, code: 'SALAH-SALAH' } },
    reportByCitizen: {
      body: {
        proposalNumber: target.proposalNumber,
        code: 'SALAH-SALAH',
        report: { kind: 'DEATH', date: '2026-11-20', reason: 'kata ketua RT' },
      },
    },
    getSubject: { params: subject },
    revealSubject: { params: subject, body: { reason: 'memeriksa KTP' } },
    listSubjectCopies: { params: subject },
    getSubjectCopy: { params: { ...subject, copyKey: target.definitionKey } },
    reportOnProposal: {
      params: { proposalNumber: target.proposalNumber },
      body: { kind: 'WITHDRAWAL', reason: 'tidak jadi mengajukan' },
    },
    getComparison: { params: { caseKey: target.instanceKey } },
    requestMergeUndoing: { params: { caseKey: target.instanceKey }, body: { reason: 'ternyata kembar' } },
    uploadFile: { rawBody: fileBody({ caseKey: target.instanceKey, kind: 'BUKTI_LAIN' }, '%PDF-1.4') },
    getFile: { params: { fileKey: target.fileKey } },
    listCaseFiles: { params: { caseKey: target.instanceKey } },
    issueDocument: {
      body: { kind: 'BERKAS_KASUS', number: '1', caseKey: target.instanceKey, reason: 'pemeriksaan tahunan' },
    },
    listDocuments: { query: `caseKey=${target.instanceKey}` },
    getNoticeBoard: { query: `village=${target.region}&period=2026-11` },
    getDocument: { params: { documentKey: target.documentKey } },
    checkToken: { params: { token: 'document.1.zzz.x' } },
    getStatistics: { query: `region=${target.region}` },
    listReports: {},
    getReport: { params: { report: 'programmes' }, query: ofThisMonth },
    listReportCases: { params: { report: 'delays' }, query: `${ofThisMonth}&column=incidents` },
    getReportCsv: { params: { report: 'funnel' }, query: ofThisMonth },
    getReportXlsx: { params: { report: 'payments' }, query: ofThisMonth },
    getReportPdf: { params: { report: 'scorecard' }, query: ofThisMonth },
    createVerification: { body: {} },
    getVerification: { params: { verificationKey: target.instanceKey } },
    listDifferences: { params: { verificationKey: target.instanceKey } },
    repairDifferences: { params: { verificationKey: target.instanceKey }, body: { reason: 'sesudah pemulihan' } },
    checkDeadlines: { body: { value: { baku: { survei: 'P8D' } } } },
    getSetting: { params: { name: 'uji' } },
    putSetting: { params: { name: 'uji' }, body: { value: 1 }, headers: { 'If-Match': '*' } },
  };
};

export const pathOf = (path: string, { params = {}, query }: RouteRequest): string =>
  path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(params[name] ?? '')) +
  (query === undefined ? '' : `?${query}`);
