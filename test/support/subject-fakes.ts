/** Rights and duplicates for products in memory: nobody is restricted, nobody is known twice. */
import type { Duplicates } from '#db/registry/duplicates.ts';
import type { SubjectRights } from '#db/subject-rights.ts';

export const noDuplicates: Duplicates = {
  recordOf: () => Promise.resolve(null),
  standing: () => Promise.resolve('NEW'),
  refuse: () => Promise.resolve(),
  merge: () => Promise.resolve({ outcome: 'merged', mergeKey: '1', moved: 0, paidTwice: [] }),
  undo: () => Promise.resolve({ outcome: 'undone' }),
};
export const noSubjectRights: SubjectRights = {
  isRestricted: () => Promise.resolve(false),
  restrict: () => Promise.resolve(true),
  compileCopy: () => Promise.resolve(null),
  concernedBy: () => Promise.resolve({ subjectKeys: [], complete: true }),
};
