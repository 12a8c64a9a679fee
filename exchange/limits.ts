/** What a file may be at most; past it, it is refused with the number in the message. */
export const fileLimits = {
  bytes: 200 * 1024 * 1024,
  /** Data rows; the header does not count. */
  rows: 500_000,
  columns: 200,
  /** One line of a CSV, one cell of a workbook. */
  lineBytes: 64 * 1024,
  /** Texts that a workbook shares among its cells are held in memory. */
  sharedTextBytes: 128 * 1024 * 1024,
  /** A part of a workbook, unpacked. */
  sheetBytes: 2 * 1024 * 1024 * 1024,
} as const;
