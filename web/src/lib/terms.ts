/** Words of the running definitions (groups, stages, endings, steps …) in the reader's language, from definitions/dtks/texts.*.json. */
import en from '#definitions/dtks/texts.en.json';
import id from '#definitions/dtks/texts.id.json';
import i18next, { type TFunction } from 'i18next';

type Group = keyof typeof id;
type Terms = Readonly<Record<Group, Readonly<Record<string, string>>>>;
const terms: Readonly<Record<string, Terms>> = { id, en };

function find(group: Group, name: string): string | undefined {
  return (terms[i18next.language] ?? terms['id'])?.[group][name];
}
/** What no definition names is shown by its own id. */
function termOf(group: Group, name: string): string {
  return find(group, name) ?? name;
}

export const groupName = (group: string): string => termOf('groups', group);
export const groupNames = (groups: readonly string[]): string => groups.map(groupName).join(', ');
export const knownGroups: readonly string[] = Object.keys(id.groups);
/** Public status step (`alur.status`). */
export const statusName = (status: string): string => termOf('statuses', status);
export const statusHelp = (status: string): string | null => find('statusHelp', status) ?? null;
/** How a case ended, by its end event. */
export const endName = (elementId: string): string => termOf('endStates', elementId);
/** The same, with its process when the ending's own name says too little. */
export const endingName = (processDefinitionId: string, elementId: string): string =>
  find('endStates', elementId) ??
  `${processName(processDefinitionId, null)}: ${elementName(processDefinitionId, elementId, null)}`;
export const messageName = (name: string): string => termOf('messages', name);
export const decisionName = (decisionId: string): string => termOf('decisions', decisionId);
export const programCodes: readonly string[] = Object.keys(id.programs);
export const programName = (code: string): string => termOf('programs', code);
/** Why two kinds of help may not be held together. */
export const overlapReason = (reason: string): string => termOf('overlapReasons', reason);
export const deadlineName = (step: string): string => termOf('deadlines', step);
export const processName = (processDefinitionId: string, name: string | null): string =>
  (i18next.language === 'id' ? name : null) ?? find('processes', processDefinitionId) ?? name ?? processDefinitionId;

/** The diagram's own label in Indonesian; its translation otherwise. */
export function elementName(processDefinitionId: string, elementId: string, name: string | null): string {
  const translated = find('elements', `${processDefinitionId}/${elementId}`);
  return (i18next.language === 'id' ? (name ?? translated) : (translated ?? name)) ?? elementId;
}

const valueGroups = [
  'advice',
  'reasons',
  'overlapReasons',
  'findings',
  'handoverPlaces',
  'nikStatuses',
  'deliveryResults',
  'decisionValues',
  'programs',
  'channels',
] as const;

/** Ids with dots or colons cannot be i18n keys as they are. */
export function textKey(name: string): string {
  return name.replaceAll(/[.:]/g, '-');
}
/** Criteria and assets are named by their reasons, deadlines by their step. */
export function variableName(name: string, t: TFunction): string {
  const term = find('reasons', `kriteria_${name}`) ?? find('reasons', `aset_${name}`) ?? find('deadlines', name);
  return t(`variables.${textKey(name)}`, { defaultValue: term ?? name });
}

const deepest = 4;

/** A JSON value in words, for people: yes/no, lists by comma, objects as "name: value". */
export function valueText(value: unknown, t: TFunction, depth = 0): string {
  if (value === null || value === undefined || value === '') return t('values.none');
  if (typeof value === 'boolean') return t(value ? 'values.yes' : 'values.no');
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') {
    const group = valueGroups.find((candidate) => find(candidate, value) !== undefined);
    return group === undefined ? t(`values.${textKey(value)}`, { defaultValue: value }) : termOf(group, value);
  }
  if (depth >= deepest) return '…';
  if (Array.isArray(value)) {
    return value.length === 0 ? t('values.emptyList') : value.map((entry) => valueText(entry, t, depth + 1)).join(', ');
  }
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length === 0) return t('values.none');
  return entries.map(([name, entry]) => `${variableName(name, t)}: ${valueText(entry, t, depth + 1)}`).join('; ');
}
