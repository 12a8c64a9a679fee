/** Header by which a task names a form that is kept elsewhere; written when the definition is published. */
export const formReferenceProperty = 'alur.formReference';
