import { useId, useRef, type ReactNode } from 'react';

interface FileInputProps {
  /** Names the control. */
  readonly label: string;
  readonly hint: string;
  /** On the button; a browser's own button speaks the browser's language. */
  readonly buttonText: string;
  readonly accept: string;
  readonly multiple?: boolean;
  /** What is chosen, beside the button. */
  readonly chosen?: string;
  readonly onFiles: (files: FileList | null) => void;
}

export function FileInput({
  label,
  hint,
  buttonText,
  accept,
  multiple = false,
  chosen,
  onFiles,
}: FileInputProps): ReactNode {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="field file-input">
      <span className="field-label" id={`${id}-label`}>
        {label}
      </span>
      <span className="hint" id={`${id}-hint`}>
        {hint}
      </span>
      <span className="button-row">
        <input
          ref={input}
          id={id}
          className="visually-hidden"
          type="file"
          accept={accept}
          multiple={multiple}
          aria-labelledby={`${id}-label`}
          aria-describedby={`${id}-hint`}
          onChange={(event) => {
            onFiles(event.target.files);
            // The same file may be chosen again after it was corrected.
            event.target.value = '';
          }}
        />
        <label htmlFor={id} className="button">
          {buttonText}
        </label>
        {chosen === undefined ? null : <span>{chosen}</span>}
      </span>
    </div>
  );
}
