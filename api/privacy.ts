/** Citizen numbers never enter variables, histories, logs or URLs: found in a text they are refused or blotted out. */
import { checkNik } from '#contract/nik.ts';
import type { Json } from '#engine/json.ts';
import { Refusal } from './refusal.ts';

/** Sixteen digits, perhaps grouped by blanks, dots or dashes; not a part of a longer number, such as that of a proposal. */
const sixteenDigits = /(?<!\d|\d[.-])\d(?:[ .-]?\d){15}(?!\d|[.-]\d)/g;

export const blot = (text: string): string =>
  text.replaceAll(sixteenDigits, (number) => `${number.replaceAll(/\D/g, '').slice(0, 6)}**********`);

const depthMost = 50;
function find(value: Json, path: string, depth: number): string | null {
  if (depth > depthMost) return null;
  if (typeof value === 'string')
    return [...value.matchAll(sixteenDigits)].some(([number]) => isCitizenNumber(number)) ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    const found = find(member, path === '' ? name : `${path}.${name}`, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
/** Family card numbers have the same shape as NIK: region, date, serial. */
const isCitizenNumber = (number: string): boolean =>
  checkNik(number.replaceAll(/\D/g, ''), { today: new Date().toISOString().slice(0, 10) }).valid;

/** @throws Refusal when a text among the variables holds a NIK or family card number. */
export function assertNoCitizenNumber(variables: Readonly<Record<string, Json>>): void {
  const field = find(variables, '', 0);
  if (field !== null)
    throw new Refusal('invalidVariables', 'citizenNumber', { values: { field }, faults: [{ field, text: 'pattern' }] });
}
