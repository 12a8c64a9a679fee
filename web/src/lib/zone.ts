/** Indonesia's three time zones by the province digits of a kode wilayah (Keppres 41/1987). */
const central = new Set(['51', '52', '53', '63', '64', '65', '71', '72', '73', '74', '75', '76']);
const eastern = new Set(['81', '82', '91', '92', '93', '94', '95', '96', '97']);

export interface Zone {
  readonly name: string;
  readonly label: 'WIB' | 'WITA' | 'WIT';
  /** Of all the year. */
  readonly offset: '+07:00' | '+08:00' | '+09:00';
}

export function zoneOfRegion(region: string | null): Zone {
  const province = region?.slice(0, 2) ?? '';
  if (central.has(province)) return { name: 'Asia/Makassar', label: 'WITA', offset: '+08:00' };
  if (eastern.has(province)) return { name: 'Asia/Jayapura', label: 'WIT', offset: '+09:00' };
  return { name: 'Asia/Jakarta', label: 'WIB', offset: '+07:00' };
}
