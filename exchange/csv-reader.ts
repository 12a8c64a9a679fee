/** Rows of a CSV file as they stream in; delimiter and encoding are found out. */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Info } from 'csv-parse';
import { FileFault } from './fault.ts';
import { fileLimits } from './limits.ts';
import type { Row } from './row.ts';
import { decoded, delimiterOf, encodingOf } from './text-encoding.ts';
import type { Encoding } from './text-encoding.ts';

async function firstLine(file: string, encoding: Encoding): Promise<string> {
  let text = '';
  for await (const part of decoded(file, encoding)) {
    text += part;
    const end = text.search(/[\r\n]/);
    if (end >= 0) return text.slice(0, end);
    if (text.length > fileLimits.lineBytes) throw new FileFault('brokenCsv', { line: 1 });
  }
  return text;
}

/** A cell that a writer has guarded against being read as a formula. */
const unguarded = (text: string): string => text.replace(/^'(?=[=+\-@\t\r])/, '');

/** Ends with FileFault where the file is no CSV any more. */
export async function* readCsv(file: string): AsyncGenerator<Row> {
  const encoding = await encodingOf(file);
  const delimiter = delimiterOf(await firstLine(file, encoding));
  const parser = Readable.from(decoded(file, encoding)).pipe(
    parse({ delimiter, info: true, relax_column_count: true, max_record_size: fileLimits.lineBytes }),
  );
  try {
    for await (const item of parser) {
      const { record, info } = item as { readonly record: readonly string[]; readonly info: Info };
      yield { line: info.lines, cells: record.map((text) => ({ text: unguarded(text), isNumber: false })) };
    }
  } catch (error) {
    if (error instanceof CsvError) throw new FileFault('brokenCsv', { line: parser.info.lines });
    throw error;
  } finally {
    parser.destroy();
  }
}
