/** All endpoints, by operation: the one table that server, OpenAPI document, clients and tests read. */
import { accountEndpoints } from './account.ts';
import { auditLogEndpoints } from './audit-log.ts';
import { batchOperationEndpoints } from './batch-operation.ts';
import { caseEndpoints } from './case.ts';
import { citizenEndpoints } from './citizen.ts';
import { clockEndpoints } from './clock.ts';
import { codecEndpoints } from './codec.ts';
import { comparisonEndpoints } from './comparison.ts';
import { deploymentEndpoints } from './deployment.ts';
import { exchangeEndpoints } from './exchange.ts';
import { documentEndpoints } from './document.ts';
import { fileEndpoints } from './file.ts';
import { historyEndpoints } from './history.ts';
import { incidentEndpoints } from './incident.ts';
import { jobEndpoints } from './job.ts';
import { jobTypeEndpoints } from './job-type.ts';
import { messageEndpoints } from './message.ts';
import { migrationEndpoints } from './migration.ts';
import { periodReportEndpoints } from './period-report.ts';
import { personEndpoints } from './person.ts';
import { processDefinitionEndpoints } from './process-definition.ts';
import { processInstanceEndpoints } from './process-instance.ts';
import { proposalEndpoints } from './proposal.ts';
import { repairEndpoints } from './repair.ts';
import { reportEndpoints } from './report.ts';
import { sessionEndpoints } from './session.ts';
import { settingEndpoints } from './setting.ts';
import { signalEndpoints } from './signal.ts';
import { startScheduleEndpoints } from './start-schedule.ts';
import { statisticsEndpoints } from './statistics.ts';
import { subjectEndpoints } from './subject.ts';
import { systemEndpoints } from './topology.ts';
import { userTaskEndpoints } from './user-task.ts';
import { variableEndpoints } from './variable.ts';
import { verificationEndpoints } from './verification.ts';

export const routes = {
  ...systemEndpoints,
  ...codecEndpoints,
  ...sessionEndpoints,
  ...accountEndpoints,
  ...deploymentEndpoints,
  ...processDefinitionEndpoints,
  ...processInstanceEndpoints,
  ...repairEndpoints,
  ...migrationEndpoints,
  ...auditLogEndpoints,
  ...batchOperationEndpoints,
  ...userTaskEndpoints,
  ...variableEndpoints,
  ...incidentEndpoints,
  ...jobEndpoints,
  ...jobTypeEndpoints,
  ...startScheduleEndpoints,
  ...messageEndpoints,
  ...signalEndpoints,
  ...clockEndpoints,
  ...caseEndpoints,
  ...comparisonEndpoints,
  ...historyEndpoints,
  ...proposalEndpoints,
  ...reportEndpoints,
  ...exchangeEndpoints,
  ...subjectEndpoints,
  ...personEndpoints,
  ...citizenEndpoints,
  ...fileEndpoints,
  ...documentEndpoints,
  ...statisticsEndpoints,
  ...periodReportEndpoints,
  ...settingEndpoints,
  ...verificationEndpoints,
};
export type Routes = typeof routes;
