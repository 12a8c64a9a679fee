/**
 * Engine and compiler for a browser page: `npm run build:simulation` makes one file of it. The page publishes files into a host in
 * memory and plays a case there, or calls `step` itself; server and page run the same code.
 */
export { compile } from './compile.ts';
export { compileDeployment } from './deployment.ts';
export { MemoryHost } from '#engine/memory.ts';
export { applyAll } from '#engine/apply.ts';
export { earliestDueMs, initialState, step } from '#engine/step.ts';
export { startTriggersOf } from '#engine/start.ts';
