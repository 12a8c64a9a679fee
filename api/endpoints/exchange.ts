/** Lists in and out: templates, imports, and what the lists say against each other. */
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { Readable } from 'node:stream';
import { workbookType } from '#contract/endpoint.ts';
import { exchangeLimits } from '#contract/exchange.ts';
import type { ConflictKind, exchangeEndpoints } from '#contract/exchange.ts';
import { appendAudit } from '#db/audit.ts';
import { findFailedRows, findHeader, findImport, findImports } from '#db/exchange/imports.ts';
import type { ExchangeImport } from '#db/exchange/imports.ts';
import { decideRow, findReportedRows, reportOf } from '#db/exchange/rows.ts';
import { FileFault } from '#exchange/fault.ts';
import { writeTemplate } from '#exchange/template.ts';
import { writeCsv } from '#exchange/writer.ts';
import { jsonView } from '../json-view.ts';
import type { Call, HandlersOf } from '../handler.ts';
import { answered, noContent } from '../handler.ts';
import { failedRowCells, failedRowHeader, reportedRowCells, reportedRowHeader } from '../exchange/answers.ts';
import { importList as importFile } from '../exchange/import-list.ts';
import { isImported, readProfile, readProfiles } from '../exchange/profiles.ts';
import { withSpooled } from '../exchange/spool.ts';
import { notFound, Refusal } from '../refusal.ts';
import { cellFaultText, fileFaultText, textsOf } from '../texts.ts';
import type { Locale } from '../texts.ts';

type ExchangeCall = Call<(typeof exchangeEndpoints)[keyof typeof exchangeEndpoints]>;

const viewOf = ({ failure, ...run }: ExchangeImport, locale: Locale) => ({
  ...run,
  failure: failure === null ? null : { code: failure.code, ...fileFaultText(locale, failure.code, failure.values) },
});

const refusalOf = (fault: FileFault, locale: Locale): Refusal => {
  const { message, remedy } = fileFaultText(locale, fault.code, fault.values);
  const code = fault.code === 'tooManyBytes' ? 'tooLarge' : 'invalidFile';
  return new Refusal(code, 'fileFault', { values: { message, remedy } });
};

async function importList(call: Call<(typeof exchangeEndpoints)['importList']>): Promise<ReturnType<typeof viewOf>> {
  const { caller, query, db, deps, request, locale } = call;
  const type = request.get('Content-Type') ?? '';
  if (!type.startsWith('text/csv') && !type.startsWith(workbookType) && !type.startsWith('application/octet-stream'))
    throw new Refusal('unsupportedMediaType', 'mediaType', { values: { type: `text/csv, ${workbookType}` } });
  const profile = await db((client) => readProfile(client, query.profile));
  if (!isImported(profile)) throw new Refusal('invalidFile', 'notImported', { values: { profile: profile.id } });
  const { name: createdBy, region } = caller.account;
  const list = { fileName: query.fileName, profile, correctsKey: query.corrects ?? null, region, createdBy };
  const importKey = await withSpooled(request, (file, sha256) =>
    importFile({ ...list, file, sha256 }, { rowSeal: deps.rowSeal, db }),
  ).catch((error: unknown) => {
    throw error instanceof FileFault ? refusalOf(error, locale) : error;
  });
  const run = await db((client) => findImport(client, importKey));
  if (run === null) throw notFound();
  return viewOf(run, locale);
}

async function sendFile(
  response: Response,
  file: { readonly name: string; readonly type: string; readonly content: Readable },
): Promise<typeof answered> {
  response.set({
    'Content-Type': file.type,
    'Content-Disposition': `attachment; filename="${file.name}"`,
    'Cache-Control': 'no-store',
  });
  await pipeline(file.content, response);
  return answered;
}

/** @throws Refusal when it is not there, or outside the caller's region. */
async function existing({
  params,
  db,
}: Pick<ExchangeCall, 'db'> & { readonly params: { readonly importKey: string } }) {
  const run = await db((client) => findImport(client, params.importKey));
  if (run === null) throw notFound();
  return run;
}

/** Pages after lines until one is empty. */
async function* pages<T extends { readonly line: number }>(
  read: (afterLine: number) => Promise<readonly T[]>,
): AsyncGenerator<T> {
  let rows = await read(0);
  while (rows.length > 0) {
    yield* rows;
    rows = await read(rows.at(-1)?.line ?? 0);
  }
}

export const exchangeHandlers: HandlersOf<typeof exchangeEndpoints> = {
  listExchangeProfiles: async ({ db, locale }) => {
    const profiles = await db(readProfiles);
    return {
      items: profiles.map((profile) => ({
        profileId: profile.id,
        title: profile.title[locale],
        isImported: isImported(profile),
        carriesNik: profile.carriesNik,
        columns: profile.columns.map(({ name, type, required }) => ({ name, type, required })),
      })),
    };
  },
  getExchangeTemplate: async ({ params, db, locale, response }) => {
    const profile = await db((client) => readProfile(client, params.fileName.replace(/\.xlsx$/, '')));
    const { rules, guideHeader, ...words } = textsOf(locale).exchange.template;
    const [column = '', required = '', how = ''] = guideHeader;
    const content = writeTemplate(profile, { ...words, rules, guideHeader: [column, required, how] });
    return sendFile(response, { name: params.fileName, type: workbookType, content });
  },
  importList,
  listExchangeImports: async ({ query, db, locale }) => {
    const runs = await db((client) => findImports(client, query.limit));
    return { items: runs.map((run) => viewOf(run, locale)) };
  },
  getExchangeImport: async (call) => {
    const run = await existing(call);
    const { query, db, locale } = call;
    const rows = await db((client) => findFailedRows(client, run.importKey, query.afterLine, exchangeLimits.shown));
    const faults = rows.flatMap(({ line, faults: found }) =>
      found.map(({ field, code, values }) => ({ line, field, code, ...cellFaultText(locale, code, values) })),
    );
    return { ...viewOf(run, locale), faults };
  },
  getExchangeFailedRows: async (call) => {
    const { importKey } = await existing(call);
    const { db, deps, locale, response } = call;
    const header = (await db((client) => findHeader(client, importKey))) ?? [];
    const rows = pages((line) => db((client) => findFailedRows(client, importKey, line, exchangeLimits.shown)));
    const cells = failedRowCells(rows, { header, importKey, rowSeal: deps.rowSeal, locale });
    const content = writeCsv(failedRowHeader(header), cells, ',');
    return sendFile(response, { name: `baris-gagal-${importKey}.csv`, type: 'text/csv; charset=utf-8', content });
  },
  getExchangeReport: async (call) => {
    const { importKey } = await existing(call);
    const { outcomes, conflicts } = await call.db((client) => reportOf(client, importKey));
    return { importKey, outcomes, conflicts };
  },
  listExchangeRows: async (call) => {
    const { importKey } = await existing(call);
    const { query, db } = call;
    const rows = await db((client) => findReportedRows(client, importKey, query.afterLine, exchangeLimits.shown));
    return {
      items: rows.map(({ conflicts, ...row }) => ({
        ...row,
        conflicts: conflicts.map(({ kind, personKey, detail }) => ({
          kind: kind as ConflictKind,
          personKey,
          detail: jsonView(detail) as Record<string, string>,
        })),
      })),
    };
  },
  getExchangeRows: async (call) => {
    const { importKey } = await existing(call);
    const { db, locale, response } = call;
    const rows = pages((line) => db((client) => findReportedRows(client, importKey, line, exchangeLimits.shown)));
    const content = writeCsv(reportedRowHeader(locale), reportedRowCells(rows, locale), ',');
    return sendFile(response, { name: `laporan-${importKey}.csv`, type: 'text/csv; charset=utf-8', content });
  },
  decideExchangeRow: async (call) => {
    const { importKey } = await existing(call);
    const { caller, params, body, db } = call;
    const { name: actor } = caller.account;
    await db(async (client) => {
      const region = await decideRow(client, { importKey, line: params.line, as: body.decision, by: actor });
      if (region === null) throw new Refusal('wrongState', 'rowDecided');
      const detail = { line: params.line, decision: body.decision, reason: body.reason };
      await appendAudit(client, { actor, action: 'exchange.decide', target: importKey, region, detail });
    });
    return noContent;
  },
};
