/** What a cell says, by the type of its column. A cell that cannot be meant is refused, never guessed. */
import { checkKk, checkNik } from '#contract/nik.ts';
import { monthsOf } from '#registry/period.ts';
import type { CellFaultCode, FaultValues } from './fault.ts';
import type { Column, DateForm } from './profile.ts';
import type { Cell } from './row.ts';

/** Money is whole rupiah; dates are YYYY-MM-DD; villages are dotted; null: the cell is empty. */
export type Value = string | number | null;
export type CellResult = { readonly value: Value } | { readonly fault: CellFaultCode; readonly values?: FaultValues };

const bad = (fault: CellFaultCode, values: FaultValues = {}): CellResult => ({ fault, values });
const good = (value: Value): CellResult => ({ value });

const two = (number: number): string => String(number).padStart(2, '0');

/** A day that exists, as YYYY-MM-DD; else null. */
function day(year: number, month: number, date: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, date));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === date
    ? `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`
    : null;
}
/** Day 25,569 of a workbook is 1 January 1970. */
const unixEpochDay = 25_569;
const dayMs = 86_400_000;

function dateIn(text: string, form: DateForm): string | null {
  const numbers = (pattern: RegExp): number[] => (pattern.exec(text) ?? []).slice(1).map(Number);
  switch (form) {
    case 'DD-MM-YYYY':
    case 'DD/MM/YYYY': {
      const mark = form.charAt(2);
      const [date = 0, month = 0, year = 0] = numbers(new RegExp(`^(\\d{1,2})${mark}(\\d{1,2})${mark}(\\d{4})$`));
      return day(year, month, date);
    }
    case 'YYYY-MM-DD': {
      const [year = 0, month = 0, date = 0] = numbers(/^(\d{4})-(\d{1,2})-(\d{1,2})$/);
      return day(year, month, date);
    }
    case 'EXCEL': {
      const [serial = 0] = numbers(/^(\d{1,5})(?:\.0+)?$/);
      return serial === 0 ? null : new Date((serial - unixEpochDay) * dayMs).toISOString().slice(0, 10);
    }
  }
}
function readDate(cell: Cell, text: string, forms: readonly DateForm[]): CellResult {
  for (const form of cell.isNumber ? (['EXCEL'] as const) : forms) {
    const date = dateIn(text, form);
    if (date !== null) return good(date);
  }
  return bad('notADate', { forms: forms.join(', ') });
}

/** Excel shows 16 digits as 3,21502E+15 and keeps 15 of them: the last one is gone, whatever is seen. */
function readNumber16(cell: Cell, text: string, check: (digits: string) => boolean, fault: CellFaultCode): CellResult {
  if (/^\d([.,]\d+)?E\+?\d+$/i.test(text)) return bad('scientificNumber');
  if (cell.isNumber) return bad('digitsLost');
  const digits = text.replaceAll(/[ .'’-]/g, '');
  if (!/^\d{16}$/.test(digits)) return bad('notDigits16', { count: digits.length });
  return check(digits) ? good(digits) : bad(fault);
}

/** 300000 · 300.000 · Rp 300.000,00 · 300,000.00 */
function readMoney(text: string): CellResult {
  const bare = text.replace(/^Rp\.?\s*/i, '').replace(/,-$/, '');
  const whole =
    /^(\d+|\d{1,3}(?:\.\d{3})+)(?:,0{1,2})?$/.exec(bare) ?? /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.0{1,2})?$/.exec(bare);
  const rupiah = Number((whole?.[1] ?? 'NaN').replaceAll(/[.,]/g, ''));
  return Number.isSafeInteger(rupiah) ? good(rupiah) : bad('notMoney');
}
function readVillage(text: string): CellResult {
  const digits = text.replaceAll('.', '');
  const dotted = /^(\d{2})(\d{2})(\d{2})(\d{4})$/.exec(digits)?.slice(1).join('.');
  return dotted === undefined || (text.includes('.') && text !== dotted) ? bad('notAVillage') : good(dotted);
}
/** As registry/period.ts has it, or a month the other way round: 11-2026, 11/2026. */
function readPeriod(text: string): CellResult {
  const turned = /^(\d{2})[-/](\d{4})$/.exec(text);
  const period = turned === null ? text.toUpperCase() : `${turned[2] ?? ''}-${turned[1] ?? ''}`;
  return monthsOf(period) === null ? bad('notAPeriod') : good(period);
}

/** @param today YYYY-MM-DD, for the century of birth dates within a NIK. */
export function readCell(cell: Cell, column: Column, today: string): CellResult {
  const text = cell.text.trim();
  if (text === '') return column.required ? bad('missing') : good(null);
  switch (column.type) {
    case 'text':
      return text.length > column.most ? bad('tooLong', { most: column.most }) : good(text);
    case 'nik':
      return readNumber16(cell, text, (nik) => checkNik(nik, { today }).valid, 'notANik');
    case 'familyCard':
      return readNumber16(cell, text, (card) => checkKk(card).valid, 'notAFamilyCard');
    case 'date':
      return readDate(cell, text, column.forms);
    case 'whole':
      return /^\d{1,9}(\.0+)?$/.test(text) ? good(Number.parseInt(text, 10)) : bad('notWhole');
    case 'decimal':
      return /^-?\d{1,9}([.,]\d{1,12})?$/.test(text) ? good(Number(text.replace(',', '.'))) : bad('notDecimal');
    case 'money':
      return readMoney(text);
    case 'village':
      return readVillage(text);
    case 'period':
      return readPeriod(text);
    case 'code': {
      const code = column.codes.find(({ written }) =>
        written.some((form) => form.toUpperCase() === text.toUpperCase()),
      );
      const list = column.codes.map(({ written }) => written[0]).join(', ');
      return code === undefined ? bad('notInList', { list }) : good(code.value);
    }
  }
}

/** The cell for a value; the reverse of `readCell` in the column's first form. */
export function writtenCell(value: Value, column: Column): string {
  if (value === null) return '';
  switch (column.type) {
    case 'date':
      return writtenDate(String(value), column.forms[0]);
    case 'code':
      return column.codes.find((code) => code.value === value)?.written[0] ?? String(value);
    case 'text':
    case 'nik':
    case 'familyCard':
    case 'whole':
    case 'decimal':
    case 'money':
    case 'village':
    case 'period':
      return String(value);
  }
}
function writtenDate(date: string, form: DateForm | undefined): string {
  const [year = '', month = '', date2 = ''] = date.split('-');
  switch (form) {
    case 'DD-MM-YYYY':
      return `${date2}-${month}-${year}`;
    case 'DD/MM/YYYY':
      return `${date2}/${month}/${year}`;
    case 'YYYY-MM-DD':
    case 'EXCEL':
    case undefined:
      return date;
  }
}
