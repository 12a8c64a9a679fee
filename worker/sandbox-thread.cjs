/**
 * Runs first in the thread in which the SDK keeps its workflow sandbox (sandbox.ts, docs/adr/0014). Leaves out what costs more there than all
 * of Alur's own code: the stack trace of every promise, which only the query `__stack_trace` reads, and the watchdog thread of every call into
 * the sandbox, in whose place this thread tells that it is alive.
 */
'use strict';
const v8 = require('node:v8');
const vm = require('node:vm');
const { workerData } = require('node:worker_threads');

// Node uses the real ones itself, for AsyncLocalStorage; the SDK looks here, and works as well without.
v8.promiseHooks = { ...v8.promiseHooks, createHook: () => () => undefined };

// oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
const { runInContext } = vm.Script.prototype;
vm.Script.prototype.runInContext = function runWithoutWatchdog(context) {
  return runInContext.call(this, context);
};

const beats = new Int32Array(workerData.beats);
setInterval(() => Atomics.add(beats, 0, 1), workerData.beatMs).unref();
