/** JSON as PostgreSQL can store it: neither U+0000 nor lone surrogates, which become U+FFFD. */

/** U+0000, and surrogates that are not one of a pair. */
const unstorable = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return text;
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? part.replaceAll(unstorable, '\uFFFD') : part,
  );
}
