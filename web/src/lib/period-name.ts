/** `2026-11` as "November 2026", `2026-T4` as "Triwulan 4 2026", two of them as from and to. */
import type { TFunction } from 'i18next';

const oneName = (period: string, language: string, t: TFunction): string => {
  const quarter = /^(\d{4})-T([1-4])$/.exec(period);
  if (quarter !== null) return t('register.quarter', { year: quarter[1], number: quarter[2] });
  const month = new Date(`${period}-01T00:00:00Z`);
  if (Number.isNaN(month.getTime())) return period;
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'id-ID', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(month);
};

export const periodName = (period: string, language: string, t: TFunction): string =>
  period
    .split('/')
    .map((part) => oneName(part, language, t))
    .join(' – ');
