/** What becomes of one file. */
import type { AdmissionProblem } from '../admission.ts';
import type { GeneratedFile } from './context.ts';
import type { ConversionReport } from './report.ts';

export type Converted =
  /** The file cannot be read; nothing is written. */
  | { readonly ok: false; readonly problems: readonly AdmissionProblem[] }
  | {
      readonly ok: true;
      readonly content: string;
      /** Further files, such as forms made of form fields. */
      readonly generated: readonly GeneratedFile[];
      readonly report: ConversionReport;
    };
