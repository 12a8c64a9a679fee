/**
 * Photos as they are kept: upright, at most 1600 pixels wide or high and 500 kB, without EXIF (which tells where somebody lives and with
 * which telephone he was pictured). What EXIF said of place and time is read before and kept apart.
 */
import readExif from 'exif-reader';
import sharp from 'sharp';

export interface ExifCapture {
  /** As the camera wrote it, without a zone: `2026-11-06T10:20:00`. */
  readonly takenAt: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
}
export interface KeptPhoto {
  /** JPEG. */
  readonly content: Buffer;
  /** null: the photo carried none that can be read. */
  readonly exif: ExifCapture | null;
}
/** Not a picture that can be shown: broken, or larger than is opened. */
export class UnreadablePhoto extends Error {}

export const photoLimits = {
  side: 1_600,
  bytes: 500_000,
  /** More than any telephone takes; a small file can claim far more and fill the memory. */
  pixels: 120_000_000,
} as const;
/** Tried in order until the photo fits. */
const steps = [
  { side: photoLimits.side, quality: 80 },
  { side: photoLimits.side, quality: 65 },
  { side: photoLimits.side, quality: 50 },
  { side: 1_200, quality: 50 },
  { side: 800, quality: 40 },
] as const;

type Angle = readonly number[] | undefined;
/** Degrees, minutes and seconds as degrees. */
function degrees(angle: Angle, reference: string | undefined, most: number): number | null {
  const [whole, minutes, seconds] = angle ?? [];
  if (whole === undefined || minutes === undefined || seconds === undefined) return null;
  const value = whole + minutes / 60 + seconds / 3_600;
  if (!Number.isFinite(value) || value > most) return null;
  return reference === 'S' || reference === 'W' ? -value : value;
}
function exifOf(raw: Buffer | undefined): ExifCapture | null {
  if (raw === undefined) return null;
  try {
    const { Photo, GPSInfo } = readExif(raw);
    const takenAt = Photo?.DateTimeOriginal?.toISOString().slice(0, 19) ?? null;
    const lat = degrees(GPSInfo?.GPSLatitude, GPSInfo?.GPSLatitudeRef, 90);
    const lon = degrees(GPSInfo?.GPSLongitude, GPSInfo?.GPSLongitudeRef, 180);
    return takenAt === null && (lat === null || lon === null) ? null : { takenAt, lat, lon };
  } catch {
    // Telephones write what they like; a photo with broken EXIF is a photo without.
    return null;
  }
}

/** @throws UnreadablePhoto */
export async function keepPhoto(original: Uint8Array): Promise<KeptPhoto> {
  try {
    const picture = sharp(original, { limitInputPixels: photoLimits.pixels, failOn: 'error' });
    const { exif } = await picture.metadata();
    for (const { side, quality } of steps) {
      const content = await picture
        .clone()
        .autoOrient()
        .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
        .flatten({ background: '#ffffff' })
        .jpeg({ quality })
        .toBuffer();
      if (content.length <= photoLimits.bytes) return { content, exif: exifOf(exif) };
    }
  } catch (error) {
    throw new UnreadablePhoto('the photo cannot be read', { cause: error });
  }
  throw new UnreadablePhoto('the photo cannot be made small enough');
}
