/** Bounds of the HTTP API that several files share. */

/** Largest JSON body. Variables are limited again by name (sizes.ts) and by the engine. */
export const jsonBytes = 2 * 1024 * 1024;
