/** Texts for people, Indonesian first, from texts.json. */
import texts from './texts.json' with { type: 'json' };

/** The text with `{name}` replaced. */
export function text(name: keyof typeof texts, values: Readonly<Record<string, string | number>> = {}): string {
  return texts[name].replaceAll(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}
