/** Where an installation keeps its files, as its environment says. */
import path from 'node:path';
import type { FilePlace } from './open-store.ts';

export interface PlaceSettings {
  readonly ALUR_HOME: string;
  readonly ALUR_S3_ENDPOINT?: string | undefined;
  readonly ALUR_S3_REGION: string;
  readonly ALUR_S3_BUCKET: string;
  readonly ALUR_S3_ACCESS_KEY: string;
  readonly ALUR_S3_SECRET_KEY: string;
}

/** Below the data folder, unless an object storage is named. */
export function filePlace(settings: PlaceSettings): FilePlace {
  if (settings.ALUR_S3_ENDPOINT === undefined) return { folder: path.resolve(settings.ALUR_HOME, 'files') };
  return {
    endpoint: settings.ALUR_S3_ENDPOINT,
    region: settings.ALUR_S3_REGION,
    bucket: settings.ALUR_S3_BUCKET,
    accessKeyId: settings.ALUR_S3_ACCESS_KEY,
    secretAccessKey: settings.ALUR_S3_SECRET_KEY,
  };
}
