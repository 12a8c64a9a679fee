/** What becomes of one file. */
import { problemOf, type AdmissionProblem } from '../admission.ts';
import type { GeneratedFile } from './context.ts';
import type { ConversionReport } from './report.ts';

/** The file cannot be read; nothing is written. */
interface Refused {
  readonly ok: false;
  readonly problems: readonly AdmissionProblem[];
}
export type Converted =
  | Refused
  | {
      readonly ok: true;
      readonly content: string;
      /** Further files, such as forms made of form fields. */
      readonly generated: readonly GeneratedFile[];
      readonly report: ConversionReport;
    };

/** The file's text; refused where its tree says what cannot be written, such as an attribute in the place of an element. */
export async function written(
  write: () => Promise<string>,
): Promise<Refused | { readonly ok: true; readonly content: string }> {
  try {
    return { ok: true, content: await write() };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, problems: [problemOf('XML_MALFORMED', null, { detail })] };
  }
}
