/** Options that several verbs share. */
import { InvalidArgumentError } from 'commander';

export const defaultUrl = process.env['ALUR_API_URL'] ?? `http://127.0.0.1:${process.env['ALUR_HTTP_PORT'] ?? '8080'}`;
export const demoPassword = process.env['ALUR_PASSWORD'] ?? 'alur-demo';
export const proposalsMost = 200_000;

/** Parser of a whole number between two bounds. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!/^-?\d+$/.test(text) || number < least || number > most)
      throw new InvalidArgumentError(`a whole number from ${String(least)} to ${String(most)}`);
    return number;
  };
