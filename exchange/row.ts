/** Rows of a file before anybody knows what they mean. */

export interface Cell {
  readonly text: string;
  /** A workbook keeps numbers as numbers: 15 digits of them are exact, and dates are among them. */
  readonly isNumber: boolean;
}
export interface Row {
  /** 1-based line of the text file, or row of the sheet; the header is line 1. */
  readonly line: number;
  readonly cells: readonly Cell[];
}
export const isBlank = (row: Row): boolean => row.cells.every(({ text }) => text.trim() === '');
