import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonLimits } from '#contract/operation.ts';
import { processDefinitionEndpoints, type ProcessDefinition } from '#contract/process-definition.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { ErrorNotice } from '../../components/states.tsx';
import { useToast } from '../../components/toast.tsx';
import { call, newIdempotencyKey } from '../../lib/api.ts';
import { hasRole, useAccount } from '../../lib/session.tsx';

const actions = {
  latest: processDefinitionEndpoints.declareLatestProcessDefinition,
  hold: processDefinitionEndpoints.suspendProcessDefinition,
  resume: processDefinitionEndpoints.resumeProcessDefinition,
} as const;
type Action = keyof typeof actions;

/** What an administrator may do about which version new cases take; what runs stays as it is. */
export function VersionActions({ version }: { version: ProcessDefinition }): ReactNode {
  const { t } = useTranslation();
  const [action, setAction] = useState<Action | null>(null);
  const account = useAccount();
  const { lifecycle } = version;
  if (!hasRole(account, 'administrator') || lifecycle === undefined) return null;
  const offered: Action[] = [
    ...(lifecycle.isLatestVersion ? [] : (['latest'] as const)),
    lifecycle.suspendedAt === null ? 'hold' : 'resume',
  ];
  return (
    <div className="button-row">
      {offered.map((name) => (
        <button key={name} type="button" className="button" onClick={() => setAction(name)}>
          {t(`versionActions.${name}.button`)}
          <span className="visually-hidden"> {t('definitions.version', { version: version.version })}</span>
        </button>
      ))}
      {action === null ? null : <ActionDialog action={action} version={version} onClose={() => setAction(null)} />}
    </div>
  );
}

interface ActionDialogProps {
  readonly action: Action;
  readonly version: ProcessDefinition;
  readonly onClose: () => void;
}

function ActionDialog({ action, version: { version, processDefinitionKey }, onClose }: ActionDialogProps): ReactNode {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const say = useToast();
  const intention = useRef(newIdempotencyKey());
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const change = useMutation({
    mutationFn: () =>
      call(
        actions[action],
        { params: { processDefinitionKey }, body: { reason: reason.trim() } },
        { idempotencyKey: intention.current },
      ),
    onSuccess: () => {
      onClose();
      say(t(`versionActions.${action}.done`, { version }));
      void cache.invalidateQueries({ queryKey: ['definitions'] });
    },
    onError: () => {
      intention.current = newIdempotencyKey();
    },
  });
  return (
    <Dialog title={t(`versionActions.${action}.title`, { version })} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const tooShort = reason.trim().length < reasonLimits.shortest;
          setMissing(tooShort);
          if (!tooShort && !change.isPending) change.mutate();
        }}
      >
        <p>{t(`versionActions.${action}.explain`)}</p>
        {change.isError ? <ErrorNotice error={change.error} /> : null}
        <ReasonField value={reason} missing={missing} onChange={setReason} />
        <div className="button-row">
          <button type="submit" className="button primary" aria-disabled={change.isPending}>
            {change.isPending ? t('common.sending') : t(`versionActions.${action}.submit`)}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
