/**
 * Public keys: decimal strings of a positive 63-bit integer, the shape Camunda clients require. Instance number (43 bits) followed by
 * the element's sequence number within it (20 bits), so a key names its instance and needs no look-up.
 */
import type { Seq } from './command.ts';

const sequenceBits = 20n;
const sequenceMask = (1n << sequenceBits) - 1n;
/** Key of an instance, definition, deployment …: `number` with sequence 0. */
export const keyOfNumber = (number: bigint): string => (number << sequenceBits).toString();
/** Key of something within an instance. */
export const keyWithin = (instanceKey: string, seq: Seq): string => (BigInt(instanceKey) | BigInt(seq)).toString();
/** The instance a key belongs to. */
export const instanceOf = (key: string): string => (BigInt(key) & ~sequenceMask).toString();
export const sequenceOf = (key: string): Seq => Number(BigInt(key) & sequenceMask);
/** Whether text has the form of a key. */
export const isKey = (text: string): boolean => /^[1-9][0-9]{0,18}$/.test(text) && BigInt(text) < 1n << 63n;
