/** Words of reports, in the reader's language: section `reports` of definitions/dtks/texts.*.json, and the words that processes have. */
import en from '#definitions/dtks/texts.en.json' with { type: 'json' };
import id from '#definitions/dtks/texts.id.json' with { type: 'json' };
import type { RegionNames } from '#db/regions.ts';
import type { Locale } from '../texts.ts';

type Section = keyof typeof id;
const texts: Readonly<Record<Locale, Readonly<Record<Section, Readonly<Record<string, string>>>>>> = { id, en };

/** In the order in which a case goes through them. */
export const statuses: readonly string[] = Object.keys(id.statuses);

export const reportText = (locale: Locale, name: string): string => texts[locale].reports[name] ?? name;
const termIn = (locale: Locale, sections: readonly Section[], name: string): string => {
  const section = sections.find((candidate) => texts[locale][candidate][name] !== undefined);
  return (section === undefined ? undefined : texts[locale][section][name]) ?? name;
};

/** What a value of a dimension is called; codes without a name are told as they are. */
export function labelOf(locale: Locale, nameOf: RegionNames): (dimension: string, value: string) => string {
  const ofReports = (prefix: string, value: string): string =>
    texts[locale].reports[`${prefix}.${value}`] ?? termIn(locale, ['programs'], value);
  return (dimension, value) => {
    if (value === '') return reportText(locale, 'none');
    switch (dimension) {
      case 'area':
      case 'village':
        return nameOf(value)?.split(', ')[0] ?? value;
      case 'stage':
        return termIn(locale, ['statuses'], value);
      case 'step':
        return termIn(locale, ['elements', 'processes'], value);
      case 'reason':
        return termIn(locale, ['findings', 'provinceReasons', 'deliveryResults', 'nikStatuses'], value);
      case 'other':
        return ofReports('programme', value);
      default:
        return ofReports(dimension, value);
    }
  };
}
