/** Rows of one file read by a profile: the header is understood once, then each row gives a record or its faults. */
import { readCell } from './cells.ts';
import type { Value } from './cells.ts';
import { FileFault } from './fault.ts';
import type { CellFault } from './fault.ts';
import { plainHeader } from './profile.ts';
import type { Column, MappingProfile } from './profile.ts';
import type { Cell, Row } from './row.ts';

/** Fields by name; a column that the file lacks is null. */
export type ExchangeRecord = Readonly<Record<string, Value>>;
export type MappedRow =
  | { readonly line: number; readonly record: ExchangeRecord; readonly faults: null }
  | { readonly line: number; readonly record: null; readonly faults: readonly CellFault[] };

export type RowMapper = (row: Row) => MappedRow;

interface Place {
  readonly column: Column;
  /** Of the file; -1: it has none. */
  readonly index: number;
  readonly header: string;
}
const absent: Cell = { text: '', isNumber: false };

function placeOf(column: Column, header: readonly string[], plain: readonly string[]): Place {
  const names = [column.name, ...column.aliases].map(plainHeader);
  const found = plain.flatMap((name, index) => (names.includes(name) ? [index] : []));
  if (found.length > 1) throw new FileFault('headerTwice', { column: column.name });
  const index = found[0] ?? -1;
  return { column, index, header: header[index] ?? column.name };
}

/** Columns the profile does not know are left alone. Throws FileFault for a header that lacks what is required. */
export function mapperOf(profile: MappingProfile, header: readonly string[], today: string): RowMapper {
  const plain = header.map(plainHeader);
  const places = profile.columns.map((column) => placeOf(column, header, plain));
  const lacking = places.filter(({ column, index }) => column.required && index < 0).map(({ column }) => column.name);
  if (lacking.length > 0) throw new FileFault('headerLacks', { columns: lacking.join(', ') });
  return ({ line, cells }) => {
    const record: Record<string, Value> = { ...profile.constants };
    const faults: CellFault[] = [];
    if (cells.slice(header.length).some(({ text }) => text.trim() !== ''))
      faults.push({ field: '*', code: 'tooManyCells', values: { count: header.length } });
    for (const { column, index, header: field } of places) {
      const result = readCell(cells[index] ?? absent, column, today);
      if ('fault' in result) faults.push({ field, code: result.fault, values: result.values ?? {} });
      else record[column.field] = result.value;
    }
    return faults.length === 0 ? { line, record, faults: null } : { line, record: null, faults };
  };
}
