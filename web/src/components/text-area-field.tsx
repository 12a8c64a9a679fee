import type { ReactNode } from 'react';
import { Field } from './field.tsx';

interface TextAreaFieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly maxLength?: number | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Some lines of text: a reason, values. */
export function TextAreaField({ label, hint, error, maxLength, value, onChange }: TextAreaFieldProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => (
        <textarea
          id={id}
          className="input"
          aria-describedby={describedBy}
          aria-invalid={invalid}
          maxLength={maxLength}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
