/** What becomes of a photo on its way in. */
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { mediaTypeOf } from '#files/media-type.ts';
import { keepPhoto, photoLimits, UnreadablePhoto } from '#files/photo.ts';

/** Noise: the hardest picture to make small. */
const noise = (width: number, height: number) =>
  sharp({
    create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
  });
const gps = {
  IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '6/1 18/1 3000/100', GPSLongitudeRef: 'E', GPSLongitude: '107/1 18/1 0/1' },
};
const taken = { IFD2: { DateTimeOriginal: '2026:11:06 10:20:05' } };

describe('a photo', () => {
  it('keeps neither place nor telephone in the file; they are read before', async () => {
    const original = await noise(200, 100)
      .withExif({ IFD0: { Make: 'Telepon Contoh' }, ...taken, ...gps })
      .jpeg()
      .toBuffer();
    expect(original.includes('Telepon Contoh')).toBe(true);
    const { content, exif } = await keepPhoto(original);
    expect(content.includes('Telepon Contoh')).toBe(false);
    expect((await sharp(content).metadata()).exif).toBeUndefined();
    expect(exif?.takenAt).toBe('2026-11-06T10:20:05');
    expect(exif?.lat).toBeCloseTo(-6.308333, 5);
    expect(exif?.lon).toBeCloseTo(107.3, 5);
  });
  it('is made to fit the limits, upright, without being drawn out', async () => {
    const { content } = await keepPhoto(
      await noise(4_000, 3_000).jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer(),
    );
    const { width, height, format } = await sharp(content).metadata();
    expect(content.length).toBeLessThanOrEqual(photoLimits.bytes);
    expect(Math.max(width, height)).toBeLessThanOrEqual(photoLimits.side);
    expect(height).toBeGreaterThan(width);
    expect(format).toBe('jpeg');
    const small = await keepPhoto(await noise(40, 30).png().toBuffer());
    expect(await sharp(small.content).metadata()).toMatchObject({ width: 40, height: 30 });
    expect(small.exif).toBeNull();
  });
  it('that cannot be read, or claims to be gigantic, is refused', async () => {
    const whole = await noise(400, 300).jpeg().toBuffer();
    await expect(keepPhoto(whole.subarray(0, 900))).rejects.toThrow(UnreadablePhoto);
    await expect(keepPhoto(Buffer.from('\xff\xd8\xff not a photo', 'latin1'))).rejects.toThrow(UnreadablePhoto);
    const gigantic = await sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: '#ffffff' } })
      .png()
      .toBuffer();
    expect(gigantic.length).toBeLessThan(1_000_000);
    await expect(keepPhoto(gigantic)).rejects.toThrow(UnreadablePhoto);
  });
});

describe('the type of a file', () => {
  it('is what its first bytes say', async () => {
    const picture = noise(8, 8);
    expect(mediaTypeOf(await picture.clone().jpeg().toBuffer())).toBe('image/jpeg');
    expect(mediaTypeOf(await picture.clone().png().toBuffer())).toBe('image/png');
    expect(mediaTypeOf(await picture.clone().webp().toBuffer())).toBe('image/webp');
    expect(mediaTypeOf(Buffer.from('%PDF-1.7\n'))).toBe('application/pdf');
  });
  it.each([
    '',
    '%PDF',
    '<svg xmlns="http://www.w3.org/2000/svg">',
    '<html>',
    'RIFF....WAVE',
    'PK\x03\x04',
    'GIF89a',
    ' %PDF-',
  ])('%j is none that is taken in', (text) => expect(mediaTypeOf(Buffer.from(text, 'latin1'))).toBeNull());
});
