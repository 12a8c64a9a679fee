/** The case page: header, timeline, decisions. */
import type { CaseHeader, caseEndpoints, DecisionExplanation } from '#contract/case.ts';
import {
  findDecisions,
  findFacts,
  findOpenAdHocs,
  findPositions,
  findReferred,
  latestElements,
  processVariable,
} from '#db/queries/cases.ts';
import type { OpenAdHoc } from '#db/queries/cases.ts';
import { findChildren, findInstance } from '#db/queries/instances.ts';
import { regionNames } from '#db/regions.ts';
import type { DecisionExplanation as EngineExplanation } from '#engine/fact.ts';
import { isKey } from '#engine/keys.ts';
import type { Json } from '#engine/json.ts';
import type { ProcessModel } from '#engine/model.ts';
import { visibleInstance } from '../commands.ts';
import { subjectVariable } from '../forms/task-form.ts';
import type { HandlersOf } from '../handler.ts';
import { jsonView } from '../json-view.ts';
import { statusOf } from '../public-status.ts';
import { timelineOf, toldFacts } from '../timeline.ts';
import { waitReasonsOf } from '../wait-reason.ts';

/** What may be started in each open ad-hoc sub-process. */
function choicesOf(model: ProcessModel | null, open: readonly OpenAdHoc[]): CaseHeader['choices'] {
  return open.flatMap(({ key, elementId, name }) => {
    const node = model?.nodes[elementId];
    if (node?.type !== 'adHocSubProcess') return [];
    const steps = node.startElements.map((id) => ({ elementId: id, name: model?.nodes[id]?.name ?? null }));
    return [{ elementInstanceKey: key, elementId, name, steps }];
  });
}
const keyOrNull = (value: unknown): string | null => (typeof value === 'string' && isKey(value) ? value : null);

/** Numbers and texts as the wire carries them. */
const explanationView = (explanation: EngineExplanation): DecisionExplanation =>
  jsonView(explanation as unknown as Json) as unknown as DecisionExplanation;

export const caseHandlers: HandlersOf<typeof caseEndpoints> = {
  getCase: async ({ params, db, deps }) => {
    const nameOf = await regionNames();
    return db(async (client): Promise<CaseHeader> => {
      const instance = await visibleInstance(client, params.caseKey);
      const { processInstanceKey: caseKey, parentProcessInstanceKey } = instance;
      const model = await deps.models.get(client, instance.processDefinitionKey);
      const positions = await findPositions(client, caseKey);
      const reasons = await waitReasonsOf(client, deps.models, [instance]);
      const parent = parentProcessInstanceKey === null ? null : await findInstance(client, parentProcessInstanceKey);
      const children = await findChildren(client, caseKey);
      return {
        caseKey,
        processDefinitionId: instance.processDefinitionId,
        processDefinitionKey: instance.processDefinitionKey,
        processDefinitionVersion: instance.processDefinitionVersion,
        processDefinitionName: instance.processDefinitionName,
        businessKey: instance.businessId,
        region: instance.region,
        regionName: nameOf(instance.region),
        subjectKey: keyOrNull(await processVariable(client, caseKey, subjectVariable)),
        state: instance.state,
        suspendedAt: instance.suspendedAt,
        startedAt: instance.startDate,
        endedAt: instance.endDate,
        positions: [...positions.active],
        incidentElements: [...positions.incidents],
        visited: [...positions.visited],
        endElements: instance.endElements,
        status: statusOf(model, await latestElements(client, caseKey)),
        waitReason: reasons.get(caseKey) ?? null,
        choices: choicesOf(model, await findOpenAdHocs(client, caseKey)),
        parent:
          parent === null
            ? null
            : {
                caseKey: parent.processInstanceKey,
                processDefinitionId: parent.processDefinitionId,
                state: parent.state,
                elementId: null,
              },
        children: children.map((child) => ({
          caseKey: child.processInstanceKey,
          processDefinitionId: child.processDefinitionId,
          state: child.state,
          elementId: child.elementId,
        })),
      };
    });
  },
  getCaseTimeline: async ({ params, query, db, deps }) =>
    db(async (client) => {
      const instance = await visibleInstance(client, params.caseKey);
      const facts = await findFacts(client, params.caseKey, toldFacts, query.after, query.limit);
      const referred = await findReferred(client, params.caseKey);
      const model = await deps.models.get(client, instance.processDefinitionKey);
      const items = timelineOf(facts, { instanceKey: params.caseKey, model, referred });
      return { items, next: facts.length < query.limit ? null : (facts.at(-1)?.number ?? null) };
    }),
  getCaseFacts: async ({ params, query, db }) =>
    db(async (client) => {
      await visibleInstance(client, params.caseKey);
      const items = await findFacts(client, params.caseKey, null, query.after, query.limit);
      return { items: [...items], next: items.length < query.limit ? null : (items.at(-1)?.number ?? null) };
    }),
  getCaseDecisions: async ({ params, db }) =>
    db(async (client) => {
      await visibleInstance(client, params.caseKey);
      const rows = await findDecisions(client, params.caseKey);
      return { items: rows.map((row) => ({ ...row, explanation: explanationView(row.explanation) })) };
    }),
};
