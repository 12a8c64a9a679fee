/** Visits as the check of a survey compares them; on our database, for the worker. */
import type { Pool } from 'pg';
import { countHomesAt, countPhotosElsewhere, noteSurveyPoint, visitedIn } from '#db/survey-points.ts';
import type { Vault } from '#db/vault.ts';
import { squareOf, type Point } from '#registry/points.ts';
import type { VaultFields } from './vault-fields.ts';

/** Homes of a village that a new visit is compared with. */
const othersMost = 50;

export interface SurveyRecord {
  /** Notes a visit once per check; how many other homes were noted at the same point. */
  readonly note: (visit: {
    readonly jobKey: string;
    readonly subjectKey: string;
    readonly region: string;
    readonly point: Point;
  }) => Promise<number>;
  /** Other citizens visited in the village, the latest ones. */
  readonly othersVisited: (visit: {
    readonly subjectKey: string;
    readonly region: string;
  }) => Promise<readonly VaultFields[]>;
  /** Photos of the case that other cases have as well. */
  readonly photosElsewhere: (instanceKey: string) => Promise<number>;
}

export const surveyRecord = (pool: Pool, vault: Vault): SurveyRecord => ({
  note: async ({ point, ...visit }) => {
    const noted = { ...visit, pointHash: vault.numberHash(squareOf(point)) };
    await noteSurveyPoint(pool, noted);
    return countHomesAt(pool, noted);
  },
  othersVisited: async (visit) => {
    const keys = await visitedIn(pool, visit, othersMost);
    const found = await Promise.all(keys.map((key) => vault.read(pool, key)));
    return found.filter((home) => home !== null);
  },
  photosElsewhere: (instanceKey) => countPhotosElsewhere(pool, instanceKey),
});
