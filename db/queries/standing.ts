/** Where running cases stand: active element instances and tokens that wait before joins, page by page in the order of their keys. */
import type { ClientBase } from 'pg';
import type { ElementType } from '#engine/fact.ts';
import { sequenceOf } from '#engine/keys.ts';
import type { Seq } from '#engine/command.ts';

type Database = Pick<ClientBase, 'query'>;

/** As the engine has it, without what only the engine reads. */
export interface StandingElement {
  readonly seq: Seq;
  readonly elementId: string;
  readonly type: ElementType;
  readonly scope: Seq;
  readonly waitingTokens: Record<string, number>;
}
export interface StandingCase {
  readonly instanceKey: string;
  readonly businessKey: string | null;
  readonly elements: Record<Seq, StandingElement>;
}
export interface StandingPage {
  readonly definitionKey: string;
  /** Key of the last case of the page before; '0': the first page. */
  readonly after: string;
  readonly limit: number;
}

interface CaseRow {
  readonly key: string;
  readonly process_id: string;
  readonly business_key: string | null;
}
interface ElementRow {
  readonly instance_key: string;
  readonly key: string;
  readonly element_id: string;
  readonly type: ElementType;
  readonly scope_key: string;
}
interface TokenRow {
  readonly instance_key: string;
  readonly scope_key: string;
  readonly flow_id: string;
  readonly count: number;
}

/** Cases that the reader's region shows. */
export async function standingCases(
  db: Database,
  { definitionKey, after, limit }: StandingPage,
): Promise<StandingCase[]> {
  const cases = await db.query<CaseRow>(
    `select key, process_id, business_key from instance where definition_key = $1 and state = 'ACTIVE' and key > $2 order by key limit $3`,
    [definitionKey, after, limit],
  );
  const keys = cases.rows.map(({ key }) => key);
  if (keys.length === 0) return [];
  const elements = await db.query<ElementRow>(
    `select instance_key, key, element_id, type, scope_key from element_instance where instance_key = any($1::bigint[]) and state = 'ACTIVE'`,
    [keys],
  );
  const tokens = await db.query<TokenRow>(
    'select instance_key, scope_key, flow_id, count from waiting_token where instance_key = any($1::bigint[]) and count > 0',
    [keys],
  );
  const found = new Map(cases.rows.map((row) => [row.key, caseOf(row)]));
  for (const { instance_key: instance, key, element_id: elementId, type, scope_key: scope } of elements.rows) {
    const seq = sequenceOf(key);
    const of = found.get(instance);
    if (of) of.elements[seq] = { seq, elementId, type, scope: sequenceOf(scope), waitingTokens: {} };
  }
  for (const { instance_key: instance, scope_key: scope, flow_id: flow, count } of tokens.rows) {
    const element = found.get(instance)?.elements[sequenceOf(scope)];
    if (element) element.waitingTokens[flow] = count;
  }
  return [...found.values()];
}

const caseOf = ({ key, process_id: elementId, business_key: businessKey }: CaseRow): StandingCase => ({
  instanceKey: key,
  businessKey,
  elements: { 0: { seq: 0, elementId, type: 'process', scope: 0, waitingTokens: {} } },
});

/** Versions of a process that cases run on, the oldest first. */
export async function runningVersions(
  db: Database,
  processId: string,
): Promise<readonly { readonly key: string; readonly version: number }[]> {
  const { rows } = await db.query<{ key: string; version: number }>(
    `select d.key, d.version from process_definition d
      where d.process_id = $1 and exists (select from instance i where i.definition_key = d.key and i.state = 'ACTIVE') order by d.version`,
    [processId],
  );
  return rows;
}
