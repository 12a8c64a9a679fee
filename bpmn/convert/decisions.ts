/**
 * DMN for Camunda 7 → DMN with FEEL throughout. Camunda 7 manual, "Expressions in the DMN Engine": what names no language is JUEL in
 * DMN 1.1 (but for input entries) and FEEL since DMN 1.2.
 */
import { problemOf } from '../admission.ts';
import { childOf, childrenOf, kindOf, readDmn, textOf, writeDmn, type DmnElement } from '../dmn-metamodel.ts';
import { parseExpression } from '../feel.ts';
import { limits } from '../limits.ts';
import type { ModdleElement } from '../moddle.ts';
import { scan } from '../scan.ts';
import { written, type Converted } from './converted.ts';
import { ConversionLog, type DroppedCode, type Finding } from './report.ts';
import { placeholder, translate, translateScript, type Translation } from './translate.ts';
import { dropDeclarations, everything, takeAttribute, vendorAttributes } from './vendor.ts';

interface Language {
  readonly log: ConversionLog;
  /** Of what names none; null: FEEL. */
  readonly implicit: 'juel' | null;
}

export async function convertDecisions(xml: string): Promise<Converted> {
  const scanned = scan(xml);
  if (!scanned.ok) {
    const { code, line, detail } = scanned.problem;
    return { ok: false, problems: [problemOf(code, null, { detail, limit: limits.sourceBytes }, line)] };
  }
  const tree = await readDmn(xml);
  if (!tree.ok) return { ok: false, problems: [problemOf('XML_MALFORMED', null, { detail: tree.message })] };
  const { definitions } = tree;
  const log = new ConversionLog();
  const named = textOf(definitions, 'expressionLanguage');
  const implicit = isDmn11.test(xml) || isJuel(named) ? 'juel' : null;
  for (const decision of childrenOf(definitions, 'drgElement')) convertDecision(decision, { log, implicit });
  for (const detail of tree.warnings) {
    log.needsPerson({ element: asModdle(definitions), construct: 'XML', original: detail }, 'UNREADABLE');
  }
  if (isJuel(named)) setText(definitions, 'expressionLanguage', undefined);
  dropDeclarations(asModdle(definitions));
  const text = await written(() => writeDmn(definitions));
  return text.ok ? { ...text, generated: [], report: log.report() } : text;
}

const isDmn11 = /http:\/\/www\.omg\.org\/spec\/DMN\/20151101\/dmn\.xsd/;
const isJuel = (language: string | null): boolean => language?.trim().toLowerCase() === 'juel';
const isFeel = (language: string): boolean => /feel/i.test(language);

/** Both metamodels are read by moddle: attributes of others are in `$attrs` alike. */
const asModdle = (element: DmnElement): ModdleElement => element as unknown as ModdleElement;
const setText = (element: DmnElement, name: string, value: string | undefined): void => {
  (element as { [property: string]: unknown })[name] = value;
};

const dropped: Readonly<Record<string, DroppedCode>> = {
  historyTimeToLive: 'HISTORY_TIME_TO_LIVE',
  versionTag: 'DECISION_VERSION_TAG',
  diagramRelationId: 'TOOL_NOTE',
};

function convertDecision(decision: DmnElement, language: Language): void {
  const element = asModdle(decision);
  for (const [name, code] of Object.entries(dropped)) {
    const found = takeAttribute(element, name);
    if (found !== null) language.log.dropped({ element, construct: found.qualified, original: found.value }, code);
  }
  const logic = childOf(decision, 'decisionLogic');
  if (logic !== null && kindOf(logic) === 'LiteralExpression') convertExpression(logic, decision, language);
  if (logic !== null && kindOf(logic) === 'DecisionTable') convertTable(logic, decision, language);
  for (const part of everything(element)) {
    for (const { qualified, value } of vendorAttributes(part)) {
      language.log.needsPerson({ element, construct: qualified, original: value }, 'UNKNOWN');
    }
  }
}

function convertTable(table: DmnElement, decision: DmnElement, language: Language): void {
  const rules = childrenOf(table, 'rule');
  for (const [column, input] of childrenOf(table, 'input').entries()) {
    const expression = childOf(input, 'inputExpression');
    if (expression !== null) convertExpression(expression, decision, language);
    const name = takeAttribute(asModdle(input), 'inputVariable');
    const cells = rules.map((rule) => textOf(childrenOf(rule, 'inputEntry')[column] ?? rule, 'text') ?? '');
    if (name === null || name.value === '' || !cells.some((cell) => cell.includes(name.value))) continue;
    const finding = { element: asModdle(decision), construct: name.qualified, original: name.value };
    language.log.needsPerson(finding, 'INPUT_VARIABLE');
  }
  for (const rule of rules) {
    for (const cell of childrenOf(rule, 'inputEntry')) convertTest(cell, decision, language);
    for (const cell of childrenOf(rule, 'outputEntry')) convertExpression(cell, decision, language);
  }
}

const findingOf = (part: DmnElement, decision: DmnElement, original: string): Finding => {
  const id = textOf(part, 'id');
  const kind = part.$type.replace(/^dmn:/, '');
  return { element: asModdle(decision), construct: id === null ? kind : `${kind} ${id}`, original };
};

/** A literal expression: input expression, output entry, or a decision's only logic. */
function convertExpression(part: DmnElement, decision: DmnElement, { log, implicit }: Language): void {
  const named = textOf(part, 'expressionLanguage');
  const source = textOf(part, 'text')?.trim() ?? '';
  const language = named ?? implicit;
  if (source === '' || language === null || isFeel(language)) return;
  const finding = findingOf(part, decision, source);
  const value = valueOf(source, language);
  // What is no JUEL but FEEL was meant as that, where nothing is said.
  if (value.kind === 'untranslatable' && named === null && parseExpression(source).ok) return;
  setText(part, 'expressionLanguage', undefined);
  if (value.kind === 'untranslatable') {
    const result = placeholder(source).slice(1);
    log.needsPerson(finding, 'DECISION_LANGUAGE', { language, detail: value.detail }, result);
    setText(part, 'text', result);
    return;
  }
  const text = value.kind === 'feel' ? value.source : value.value;
  if (text === source && named === null) return;
  log.mapped(finding, text);
  setText(part, 'text', text);
}
const valueOf = (source: string, language: string): Translation => {
  if (/[$#]\{/.test(source)) return translate(source);
  return translateScript(source, language).value;
};

/** An input entry in another language is a condition there and a test of the input here: a person decides. */
function convertTest(part: DmnElement, decision: DmnElement, { log }: Language): void {
  const language = textOf(part, 'expressionLanguage');
  const source = textOf(part, 'text')?.trim() ?? '';
  if (language === null || isFeel(language)) return;
  setText(part, 'expressionLanguage', undefined);
  if (source === '' || source === '-') return;
  const result = placeholder(source).slice(1);
  log.needsPerson(findingOf(part, decision, source), 'DECISION_LANGUAGE', { language, detail: source }, result);
  setText(part, 'text', result);
}
