/** The URL is the filter: what it says is what the API is asked. */
import { describe, expect, it } from '@jest/globals';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import { userTaskEndpoints } from '#contract/user-task.ts';
import { caseFiltersOf, caseSearch } from '../../web/src/features/supervision/supervision-queries.ts';
import { taskSearch, taskViews } from '../../web/src/features/tasks/task-queries.ts';

const fromUrl = (search: string) => {
  const params = new URLSearchParams(search);
  return caseFiltersOf((name) => params.get(name) ?? '');
};

describe('filters', () => {
  it.each(taskViews)('the task view %s is a search the contract accepts', (view) => {
    const body = taskSearch({ view, number: '2026*', name: 'periksa', sort: 'due', page: 2 }, 'operator');
    expect(userTaskEndpoints.searchUserTasks.body.safeParse(body).error).toBeUndefined();
    expect(body?.filter?.businessKey).toEqual({ $like: '*2026?*' });
  });

  it('lists whole cases unless the question is about what happens inside', () => {
    expect(caseSearch(fromUrl(''))?.filter).toEqual({ state: 'ACTIVE', parentProcessInstanceKey: { $exists: false } });
    expect(caseSearch(fromUrl('incident=1'))?.filter).toEqual({ state: 'ACTIVE', hasIncident: true });
  });

  it('reads every filter from the URL', () => {
    const body = caseSearch(fromUrl('q=000123&process=p&element=e&for=camat&end=ditolak&overdue=1&page=1'));
    expect(processInstanceEndpoints.searchProcessInstances.body.safeParse(body).error).toBeUndefined();
    expect(body).toMatchObject({
      filter: {
        businessId: { $like: '*000123*' },
        processDefinitionId: 'p',
        elementId: 'e',
        waitingFor: 'camat',
        endElement: 'ditolak',
        overdue: true,
        state: { $in: ['COMPLETED', 'TERMINATED'] },
      },
      page: { from: 50 },
    });
  });
});
