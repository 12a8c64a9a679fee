/** What is wrong with a file or a cell: a code with its particulars. The words, and what to do about it, are the caller's. */

/** Faults of one cell, or of a row as a whole (field `*`). The last three are found by who takes the row in. */
export const cellFaults = [
  'missing',
  'tooLong',
  'scientificNumber',
  'digitsLost',
  'notDigits16',
  'notANik',
  'notAFamilyCard',
  'notADate',
  'notWhole',
  'notMoney',
  'notDecimal',
  'notInList',
  'notAVillage',
  'notAPeriod',
  'tooManyCells',
  'outsideRegion',
  'villageUnknown',
  'twiceInFile',
] as const;
export type CellFaultCode = (typeof cellFaults)[number];

/** Faults that keep the whole file from being read. */
export const fileFaults = [
  'empty',
  'headerLacks',
  'headerTwice',
  'tooManyRows',
  'tooManyFailed',
  'tooManyBytes',
  'tooManyColumns',
  'brokenCsv',
  'brokenWorkbook',
  'noSheet',
  'daysFrom1904',
] as const;
export type FileFaultCode = (typeof fileFaults)[number];

export type FaultValues = Readonly<Record<string, string | number>>;

export interface CellFault {
  /** Column as it stands in the file's header; `*`: the row. */
  readonly field: string;
  readonly code: CellFaultCode;
  /** Never the cell's own content: it may be a citizen's. */
  readonly values: FaultValues;
}

export class FileFault extends Error {
  readonly code: FileFaultCode;
  readonly values: FaultValues;
  constructor(code: FileFaultCode, values: FaultValues = {}) {
    super(`${code} ${JSON.stringify(values)}`);
    this.name = 'FileFault';
    this.code = code;
    this.values = values;
  }
}
