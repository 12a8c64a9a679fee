/** DMN files that belong together by import: their trees, their types, their elements by reference. DMN 1.5 §6.3.3. */
import { childrenOf, readDmn, textOf, type DmnElement } from './dmn-metamodel.ts';
import { decisionProblem, textProblem, type DecisionProblem } from './dmn-problems.ts';
import { readTypes, type TypeBook } from './dmn-types.ts';
import { limits } from './limits.ts';
import { scan } from './scan.ts';
import type { FeelType } from '#engine/feel/ast.ts';

export interface DmnFile {
  readonly namespace: string;
  readonly definitions: DmnElement;
  readonly elements: readonly DmnElement[];
  /** By id, or by name where there is none. */
  readonly byId: ReadonlyMap<string, DmnElement>;
  /** Imported files, with the name they go by here; '' makes their names plain. */
  readonly imports: readonly { readonly name: string; readonly file: DmnFile }[];
  readonly book: TypeBook;
  /** Begins the keys of this file's elements in a model of another file; '' in the file that is compiled. */
  readonly prefix: string;
}

/** A tree and what the parser had to say about it. */
export interface DmnSource {
  readonly definitions: DmnElement | null;
  readonly problems: readonly DecisionProblem[];
  /** Line of each element with an id. */
  readonly lines: ReadonlyMap<string, number>;
}

/** Content of the diagram or of a vendor, which decides nothing. */
const diagramContent = /unparsable content <(?:dmndi|di|dc|biodi):|unknown attribute/;
const noLines: ReadonlyMap<string, number> = new Map();

export async function readSource(xml: string): Promise<DmnSource> {
  const scanned = scan(xml);
  if (!scanned.ok) {
    const { code, line, detail } = scanned.problem;
    return { definitions: null, problems: [textProblem(code, line, detail, limits.sourceBytes)], lines: noLines };
  }
  const tree = await readDmn(xml);
  if (!tree.ok) {
    const problems = [decisionProblem('DMN_MALFORMED', null, { detail: tree.message })];
    return { definitions: null, problems, lines: noLines };
  }
  const problems = tree.warnings
    .filter((warning) => !/unresolved reference/.test(warning))
    .map((warning) =>
      decisionProblem(diagramContent.test(warning) ? 'DMN_CONTENT_UNKNOWN' : 'DMN_MALFORMED', null, {
        detail: warning,
      }),
    );
  return { definitions: tree.definitions, problems, lines: scanned.lines };
}

/** Elements without an id go by their name. */
export const keyOf = (element: DmnElement): string => element.id ?? textOf(element, 'name') ?? '';
const namespaceOf = (definitions: DmnElement): string => textOf(definitions, 'namespace') ?? '';
const modelImport = /\/DMN\/.*(?:MODEL\/?|dmn\.xsd)$/i;

/** The file to compile with those it imports, directly or not. Problems of its own go to `problems`; those of the others do not. */
export function openFile(definitions: DmnElement, others: readonly DmnElement[], problems: DecisionProblem[]): DmnFile {
  const available = new Map(others.map((other) => [namespaceOf(other), other]));
  const opened = new Map<string, DmnFile>();

  const open = (tree: DmnElement, prefix: string, reported: DecisionProblem[]): DmnFile => {
    const elements = childrenOf(tree, 'drgElement');
    const imports: { name: string; file: DmnFile }[] = [];
    const types: Record<string, FeelType> = {};
    const file: DmnFile = {
      namespace: namespaceOf(tree),
      definitions: tree,
      elements,
      byId: new Map(elements.map((element) => [keyOf(element), element])),
      imports,
      book: { types, problems: reported },
      prefix,
    };
    // before its imports are read, so that files may import one another in a circle
    opened.set(file.namespace, file);
    for (const imported of childrenOf(tree, 'import')) {
      const found = importedFile(imported, reported);
      if (found !== null) imports.push({ name: textOf(imported, 'name') ?? '', file: found });
    }
    Object.assign(types, readTypes(tree, importedTypes(imports), reported));
    return file;
  };
  const importedFile = (imported: DmnElement, reported: DecisionProblem[]): DmnFile | null => {
    const namespace = textOf(imported, 'namespace') ?? '';
    const kind = textOf(imported, 'importType') ?? '';
    if (!modelImport.test(kind)) {
      reported.push(decisionProblem('DMN_UNSUPPORTED', imported, { detail: `import (${kind})` }));
      return null;
    }
    const known = opened.get(namespace);
    if (known !== undefined) return known;
    const tree = available.get(namespace);
    if (tree === undefined) {
      reported.push(decisionProblem('DMN_IMPORT_MISSING', imported, { detail: namespace }));
      return null;
    }
    return open(tree, `${namespace}#`, []);
  };
  return open(definitions, '', problems);
}

function importedTypes(imports: DmnFile['imports']): Record<string, FeelType> {
  const types: Record<string, FeelType> = {};
  for (const { name, file } of imports) {
    for (const [local, type] of Object.entries(file.book.types)) types[name === '' ? local : `${name}.${local}`] = type;
  }
  return types;
}

/** An element as another one refers to it. */
export interface Referred {
  readonly element: DmnElement;
  readonly file: DmnFile;
  /** Key in the compiled model. */
  readonly key: string;
  /** Import that its name is seen under; '' none. */
  readonly qualifier: string;
}

/** The elements that references (`#id`, `namespace#id`) of one element lead to; broken ones are reported. */
export function referred(element: DmnElement, references: readonly (DmnElement | null)[], from: DmnFile): Referred[] {
  return references.flatMap((reference) => {
    const href = reference === null ? null : textOf(reference, 'href');
    if (href === null) return [];
    const found = lookUp(href, from);
    if (found === null) from.book.problems.push(decisionProblem('DMN_BROKEN_REFERENCE', element, { detail: href }));
    return found === null ? [] : [found];
  });
}

function lookUp(href: string, from: DmnFile): Referred | null {
  const hash = href.indexOf('#');
  const [namespace, id] = [href.slice(0, Math.max(0, hash)), href.slice(hash + 1)];
  const imported =
    namespace === '' || namespace === from.namespace
      ? { name: '', file: from }
      : from.imports.find(({ file }) => file.namespace === namespace);
  const element = imported?.file.byId.get(id);
  if (imported === undefined || element === undefined) return null;
  const { file, name } = imported;
  return { element, file, key: file.prefix + keyOf(element), qualifier: name };
}

/** Every file reached from one, itself first. */
export function allFiles(start: DmnFile, found: DmnFile[] = []): DmnFile[] {
  if (found.includes(start)) return found;
  found.push(start);
  for (const { file } of start.imports) allFiles(file, found);
  return found;
}
