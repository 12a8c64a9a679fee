import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from './field.tsx';

interface CanaryFieldProps {
  /** As typed; empty: all at once. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** How many cases of a batch go first. */
export function CanaryField({ value, onChange }: CanaryFieldProps): ReactNode {
  const { t } = useTranslation();
  return (
    <Field label={t('batch.canary')} hint={t('batch.canaryHint')}>
      {({ id, describedBy }) => (
        <input
          id={id}
          className="input"
          type="number"
          min={1}
          aria-describedby={describedBy}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** As the API takes it: absent when all go at once. */
export function canaryOf(value: string): { readonly canary?: number } {
  const first = Number(value);
  return Number.isInteger(first) && first > 0 ? { canary: first } : {};
}
