/** Where everybody reaches the web app, as the environment says; printed in QR codes. */
export interface PublicUrlSettings {
  readonly ALUR_PUBLIC_URL?: string | undefined;
  readonly ALUR_HTTP_HOST: string;
  readonly ALUR_HTTP_PORT: number;
}

/** Without a slash at the end; this machine, unless said otherwise. */
export const publicUrlOf = ({ ALUR_PUBLIC_URL, ALUR_HTTP_HOST, ALUR_HTTP_PORT }: PublicUrlSettings): string =>
  (ALUR_PUBLIC_URL ?? `http://${ALUR_HTTP_HOST}:${String(ALUR_HTTP_PORT)}`).replace(/\/$/, '');
