import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonLimits } from '#contract/operation.ts';
import { TextAreaField } from './text-area-field.tsx';

interface ReasonFieldProps {
  readonly value: string;
  readonly missing: boolean;
  readonly onChange: (value: string) => void;
}

/** Why somebody changes a case by hand; kept in the audit trail. */
export function ReasonField({ value, missing, onChange }: ReasonFieldProps): ReactNode {
  const { t } = useTranslation();
  return (
    <TextAreaField
      label={t('repair.reason')}
      hint={t('repair.reasonHint')}
      error={missing ? t('repair.reasonMissing') : undefined}
      maxLength={reasonLimits.longest}
      value={value}
      onChange={onChange}
    />
  );
}
