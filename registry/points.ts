/** Points on the ground, in degrees. */
export interface Point {
  readonly lat: number;
  readonly lon: number;
}

const earthMetres = 6_371_000;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Great-circle distance (haversine). */
export function distanceMetres(a: Point, b: Point): number {
  const lat = Math.sin(radians(b.lat - a.lat) / 2) ** 2;
  const lon = Math.sin(radians(b.lon - a.lon) / 2) ** 2;
  return 2 * earthMetres * Math.asin(Math.sqrt(lat + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * lon));
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

/** Middle of at least one point; a single wrong one does not move it far. */
export const medianPoint = (points: readonly Point[]): Point => ({
  lat: median(points.map(({ lat }) => lat)),
  lon: median(points.map(({ lon }) => lon)),
});

/** The square of about 11 m that a point lies in, as a number of 14 digits. */
export const squareOf = ({ lat, lon }: Point): string =>
  [lat + 90, lon + 180].map((degrees) => String(Math.round(degrees * 10_000)).padStart(7, '0')).join('');
