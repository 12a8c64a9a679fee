import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { CallInput } from '#contract/client.ts';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import type { ProcessDefinition } from '#contract/process-definition.ts';
import { proposalEndpoints } from '#contract/proposal.ts';
import { FormView } from '../../components/form/form-view.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Empty, ErrorNotice, Loading, Notice } from '../../components/states.tsx';
import { call, newIdempotencyKey } from '../../lib/api.ts';
import { useAccount } from '../../lib/session.tsx';
import { proposalOfForm, proposalProcessId } from './proposal-of-form.ts';
import { startableQuery, startFormQuery } from './proposal-queries.ts';
import './proposals.css';

type ProposalBody = CallInput<typeof proposalEndpoints.createProposal>['body'];
type Variables = NonNullable<
  NonNullable<CallInput<typeof processInstanceEndpoints.createProcessInstance>['body']>['variables']
>;

interface Started {
  readonly caseKey: string;
  readonly number: string | null;
  readonly repeated: boolean;
}

export function StartFormPage(): ReactNode {
  const { t } = useTranslation();
  const { processDefinitionId = '' } = useParams();
  const startable = useQuery(startableQuery());
  const definition = startable.data?.items.find((item) => item.processDefinitionId === processDefinitionId);
  const title =
    processDefinitionId === proposalProcessId ? t('start.newProposal') : (definition?.name ?? processDefinitionId);
  return (
    <>
      <PageHeader title={title} crumbs={[{ to: '/start', label: t('start.title') }]} />
      {startable.isPending ? <Loading /> : null}
      {startable.isError ? <ErrorNotice error={startable.error} onRetry={() => void startable.refetch()} /> : null}
      {startable.data !== undefined && definition === undefined ? (
        <Empty title={t('start.unknown')}>
          <p>{t('start.unknownHint')}</p>
        </Empty>
      ) : null}
      {definition === undefined ? null : <StartForm definition={definition} />}
    </>
  );
}

function StartForm({ definition }: { definition: ProcessDefinition }): ReactNode {
  const { t } = useTranslation();
  const form = useQuery(startFormQuery(definition.processDefinitionKey));
  /** A new number mounts an empty form for the next proposal. */
  const [round, setRound] = useState(0);
  const start = useStart(definition);
  if (start.mutation.data !== undefined) {
    return (
      <StartedNotice
        started={start.mutation.data}
        onAgain={() => {
          start.next();
          setRound((before) => before + 1);
        }}
      />
    );
  }
  if (form.isPending) return <Loading label={t('form.loading')} />;
  if (form.isError) return <ErrorNotice error={form.error} onRetry={() => void form.refetch()} />;
  if (form.data === null) return <Empty title={t('start.unknown')} />;
  return (
    <section className="card start-form" aria-label={t('start.formLabel')}>
      <div className="card-body">
        <FormView
          key={round}
          schema={form.data.schema}
          data={{}}
          submitLabel={t('start.submit')}
          busy={start.mutation.isPending}
          error={start.mutation.error}
          onSubmit={(answers) => start.mutation.mutate(answers)}
        />
      </div>
    </section>
  );
}

function StartedNotice({ started, onAgain }: { started: Started; onAgain: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Notice
      tone="good"
      title={started.number === null ? t('start.started') : t('start.received', { number: started.number })}
    >
      <p>{started.repeated ? t('start.repeated') : t('start.whatNext')}</p>
      <div className="button-row">
        <Link className="button primary" to={`/cases/${started.caseKey}`}>
          {t('tasks.seeCase')}
        </Link>
        <button type="button" className="button" onClick={onAgain}>
          {t('start.another')}
        </button>
      </div>
    </Notice>
  );
}

/** A proposal goes to the vault and starts its case; any other process is started with its form's answers. */
function useStart(definition: ProcessDefinition) {
  const account = useAccount();
  const cache = useQueryClient();
  const village = account.region.split('.').length === 4 ? account.region : null;
  /** Sending the same proposal again (after a lost answer) must not make a second case. */
  const intention = useRef({ text: '', key: newIdempotencyKey(), sourceId: newIdempotencyKey() });
  const mutation = useMutation({
    mutationFn: async (answers: Record<string, unknown>): Promise<Started> => {
      const text = JSON.stringify(answers);
      if (intention.current.text !== text) intention.current = { ...intention.current, text, key: newIdempotencyKey() };
      const { key: idempotencyKey, sourceId } = intention.current;
      if (definition.processDefinitionId !== proposalProcessId) {
        const { processDefinitionKey } = definition;
        const body = { processDefinitionKey, variables: answers as Variables };
        const instance = await call(processInstanceEndpoints.createProcessInstance, { body }, { idempotencyKey });
        return { caseKey: instance.processInstanceKey, number: instance.businessId, repeated: false };
      }
      const proposal = proposalOfForm(answers, sourceId, village);
      const created = await call(
        proposalEndpoints.createProposal,
        { body: proposal as unknown as ProposalBody },
        { idempotencyKey },
      );
      return { caseKey: created.processInstanceKey, number: created.proposalNumber, repeated: created.repeated };
    },
    onSuccess: () => {
      for (const topic of ['tasks', 'cases', 'statistics']) void cache.invalidateQueries({ queryKey: [topic] });
    },
  });
  function next(): void {
    intention.current = { text: '', key: newIdempotencyKey(), sourceId: newIdempotencyKey() };
    mutation.reset();
  }
  return { mutation, next };
}
