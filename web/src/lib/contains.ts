/** Filter for "has this text in it". `*` and `?` are wildcards of the search; a typed one is looked for as any character. */
export function contains(text: string): { $like: string } {
  return { $like: `*${text.trim().replaceAll(/[*?]/g, '?')}*` };
}
