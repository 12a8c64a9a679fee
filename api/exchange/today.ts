const officeDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Jakarta' });
/** YYYY-MM-DD in western Indonesia. */
export const today = (): string => officeDay.format(new Date());
