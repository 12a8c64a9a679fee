/** Reports by region and period, and the cases behind their figures. */
import { periodReportLimits } from '#contract/period-report.ts';
import type { periodReportEndpoints } from '#contract/period-report.ts';
import { answered } from '../handler.ts';
import type { HandlersOf } from '../handler.ts';
import { paperOf, sendCsv, sendPaper, sendWorkbook } from '../reports/files.ts';
import { listReports, readCases, readTable } from '../reports/table.ts';

export const periodReportHandlers: HandlersOf<typeof periodReportEndpoints> = {
  listReports: async ({ locale }) => ({ items: listReports(locale) }),
  getReport: (call) => readTable(call),
  listReportCases: async (call) => {
    const { rowLabels, items, ...told } = await readCases(call, call.query);
    return { ...told, rowLabels: [...rowLabels], items: items.map(({ ref: _, ...item }) => item) };
  },
  getReportCsv: async (call) => {
    await sendCsv(call.response, await readTable(call, periodReportLimits.fileRows), call.locale);
    return answered;
  },
  getReportXlsx: async (call) => {
    await sendWorkbook(call.response, await readTable(call, periodReportLimits.fileRows), call.locale);
    return answered;
  },
  getReportPdf: async (call) => {
    const report = await readTable(call);
    await sendPaper(call.response, report, await call.deps.print(paperOf(report, call.locale)));
    return answered;
  },
};
