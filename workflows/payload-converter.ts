/**
 * Loaded by the SDK, by path, in the sandbox only. Reads arguments as everybody does, but for the compiled model that the codec has put in
 * (db/payload-codec.ts): its text is parsed once per worker, not once per instance, and all instances share the object.
 */
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload, PayloadConverter } from '@temporalio/common';
import { decode } from '@temporalio/common/lib/encoding.js';
import { sharedModel } from './shared-models.ts';

/** Metadata: where the model's text ends. It begins after its name, with which the argument begins. */
const modelEnd = 'alur-model-end';
const nameBegin = '{"modelSha256":"'.length;
const nameEnd = nameBegin + 64;
const modelBegin = nameEnd + '","model":'.length;

function fromPayload(payload: Payload): unknown {
  const end = payload.metadata?.[modelEnd];
  const { data } = payload;
  if (end === undefined || end === null || !data) return defaultPayloadConverter.fromPayload(payload);
  const at = Number(decode(end));
  const textOf = (from: number, to?: number): string => decode(data.subarray(from, to));
  const model = sharedModel(textOf(nameBegin, nameEnd), () => JSON.parse(textOf(modelBegin, at)));
  const rest = JSON.parse(`${textOf(0, nameEnd + 1)}${textOf(at)}`) as object;
  return { ...rest, model };
}

export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload: fromPayload as PayloadConverter['fromPayload'],
};
