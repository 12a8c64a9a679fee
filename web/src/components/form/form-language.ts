/** form-js speaks English only; its messages are matched here and said in the reader's language (i18n `form.*`). */
import type { TFunction } from 'i18next';

const validations: readonly (readonly [RegExp, string])[] = [
  [/^Field is required\.$/, 'form.required'],
  [/^Value is not a number\.$/, 'form.notANumber'],
  [/^Value is expected to be an integer\.$/, 'form.notAnInteger'],
  [/^Value is expected to have at most (?<value>\d+) decimal digits?\.$/, 'form.tooManyDecimals'],
  [/^Please select a valid value/, 'form.notAStep'],
  [/^Field must match pattern/, 'form.pattern'],
  [/^Field must have minimum value of (?<value>.+)\.$/, 'form.min'],
  [/^Field must have maximum value of (?<value>.+)\.$/, 'form.max'],
  [/^Field must have minimum length of (?<value>.+)\.$/, 'form.minLength'],
  [/^Field must have maximum length of (?<value>.+)\.$/, 'form.maxLength'],
  [/^Field must be a valid {2}?international phone number/, 'form.phone'],
  [/^Field must be a valid email\.$/, 'form.email'],
  [/^Date and time must both be entered\.$/, 'form.dateAndTime'],
];

/** Words that form-js writes into the page beside validation. */
const pageWords: Readonly<Record<string, string>> = {
  Search: 'form.search',
  'No results': 'form.noResults',
  'All values selected': 'form.allSelected',
  'Skip to search': 'form.skipToSearch',
  'Remove tag': 'form.removeTag',
  Increment: 'form.increment',
  Decrement: 'form.decrement',
  'Nothing to show.': 'form.nothing',
  'Previous page': 'common.previousPage',
  'Next page': 'common.nextPage',
  Browse: 'form.browse',
  'No files selected': 'form.noFiles',
  'Add new': 'form.addNew',
  Select: 'form.select',
};
const attributes = ['placeholder', 'aria-label', 'title'] as const;

/** Messages written by the form's author are kept as they are. */
export function translateValidation(message: string, t: TFunction): string {
  for (const [pattern, key] of validations) {
    const match = pattern.exec(message);
    if (match !== null) return t(key, { value: match.groups?.['value'] ?? '' });
  }
  return message;
}

/** Replaces form-js's own words below `root` and keeps doing so as it redraws. @returns a function that stops it. */
export function translatePage(root: HTMLElement, t: TFunction): () => void {
  function say(): void {
    for (const element of root.querySelectorAll('[placeholder], [aria-label], [title]')) {
      for (const attribute of attributes) {
        const key = pageWords[element.getAttribute(attribute) ?? ''];
        if (key !== undefined) element.setAttribute(attribute, t(key));
      }
    }
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const key = pageWords[node.nodeValue?.trim() ?? ''];
      if (key !== undefined) node.nodeValue = t(key);
    }
  }
  const observer = new MutationObserver(() => {
    observer.disconnect();
    say();
    watch();
  });
  function watch(): void {
    observer.observe(root, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: [...attributes],
    });
  }
  say();
  watch();
  return () => observer.disconnect();
}
