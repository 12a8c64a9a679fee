/** Options that several verbs share. */
import { InvalidArgumentError } from 'commander';
import { text } from './texts.ts';

export const defaultUrl = process.env['ALUR_API_URL'] ?? `http://127.0.0.1:${process.env['ALUR_HTTP_PORT'] ?? '8080'}`;
export const demoPassword = process.env['ALUR_PASSWORD'] ?? 'alur-demo';
export const proposalsMost = 200_000;
/** As many as the intake catches up on, and the present one. */
export const monthsMost = 13;

/** Parser of a whole number between two bounds. */
export const wholeNumber =
  (least: number, most: number) =>
  (given: string): number => {
    const number = Number(given);
    if (!/^-?\d+$/.test(given) || number < least || number > most)
      throw new InvalidArgumentError(text('wholeNumber', { least, most }));
    return number;
  };
