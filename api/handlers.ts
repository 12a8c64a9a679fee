/** Every endpoint's handler. The type is the route table: a route without a handler does not compile. */
import { accountHandlers } from './endpoints/accounts.ts';
import { auditLogHandlers } from './endpoints/audit-logs.ts';
import { batchOperationHandlers } from './endpoints/batch-operations.ts';
import { caseHandlers } from './endpoints/cases.ts';
import { citizenHandlers } from './endpoints/citizens.ts';
import { clockHandlers } from './endpoints/clock.ts';
import { codecHandlers } from './endpoints/codec.ts';
import { comparisonHandlers } from './endpoints/comparisons.ts';
import { documentHandlers } from './endpoints/documents.ts';
import { fileHandlers } from './endpoints/files.ts';
import { deploymentHandlers } from './endpoints/deployments.ts';
import { exchangeHandlers } from './endpoints/exchange.ts';
import { historyHandlers } from './endpoints/history.ts';
import { incidentHandlers } from './endpoints/incidents.ts';
import { jobHandlers } from './endpoints/jobs.ts';
import { jobTypeHandlers } from './endpoints/job-types.ts';
import { messageHandlers } from './endpoints/messages.ts';
import { migrationHandlers } from './endpoints/migrations.ts';
import { periodReportHandlers } from './endpoints/period-reports.ts';
import { personHandlers } from './endpoints/persons.ts';
import { processDefinitionHandlers } from './endpoints/process-definitions.ts';
import { processInstanceHandlers } from './endpoints/process-instances.ts';
import { proposalHandlers } from './endpoints/proposals.ts';
import { reportHandlers } from './endpoints/reports.ts';
import { repairHandlers } from './endpoints/repairs.ts';
import { sessionHandlers } from './endpoints/session.ts';
import { settingHandlers } from './endpoints/settings.ts';
import { signalHandlers } from './endpoints/signals.ts';
import { startScheduleHandlers } from './endpoints/start-schedules.ts';
import { statisticsHandlers } from './endpoints/statistics.ts';
import { subjectHandlers } from './endpoints/subjects.ts';
import { systemHandlers } from './endpoints/system.ts';
import { userTaskHandlers } from './endpoints/user-tasks.ts';
import { variableHandlers } from './endpoints/variables.ts';
import { verificationHandlers } from './endpoints/verifications.ts';
import type { Handlers } from './handler.ts';

export const handlers: Handlers = {
  ...systemHandlers,
  ...codecHandlers,
  ...sessionHandlers,
  ...accountHandlers,
  ...deploymentHandlers,
  ...processDefinitionHandlers,
  ...processInstanceHandlers,
  ...repairHandlers,
  ...migrationHandlers,
  ...auditLogHandlers,
  ...batchOperationHandlers,
  ...userTaskHandlers,
  ...variableHandlers,
  ...incidentHandlers,
  ...jobHandlers,
  ...jobTypeHandlers,
  ...startScheduleHandlers,
  ...messageHandlers,
  ...signalHandlers,
  ...clockHandlers,
  ...caseHandlers,
  ...comparisonHandlers,
  ...historyHandlers,
  ...proposalHandlers,
  ...reportHandlers,
  ...exchangeHandlers,
  ...subjectHandlers,
  ...personHandlers,
  ...citizenHandlers,
  ...fileHandlers,
  ...documentHandlers,
  ...statisticsHandlers,
  ...periodReportHandlers,
  ...settingHandlers,
  ...verificationHandlers,
};
