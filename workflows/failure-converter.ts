/** Loaded by the SDK, by path, in the worker and in the sandbox: messages and stack traces of failures are encrypted like all else. */
import { DefaultFailureConverter } from '@temporalio/common';

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
