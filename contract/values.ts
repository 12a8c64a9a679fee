/** Values that many endpoints share. */
import { z } from 'zod';

/** `operator` works on tasks, `supervisor` watches cases, `administrator` runs the installation, `integration` is another system. */
export const roles = ['operator', 'supervisor', 'administrator', 'integration'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;
/** People; everybody but other systems. */
export const people = ['operator', 'supervisor', 'administrator'] as const satisfies readonly Role[];

/** A public key: decimal string of a positive 63-bit integer. */
export const key = z
  .string()
  .regex(/^[1-9][0-9]{0,18}$/, 'notAKey')
  .meta({ id: 'Key', description: 'Decimal string of a positive 63-bit integer.' });
export const keyParams = <const N extends string>(name: N): z.ZodObject<Record<N, typeof key>> =>
  z.object({ [name]: key } as Record<N, typeof key>);

export const dateTime = z.iso.datetime({ offset: true });
/** The only tenant; Camunda clients send it. */
export const tenantId = z.string().max(64).default('<default>');
export const tenantIdOut = z.literal('<default>');

/** Process variables: any JSON object. */
export const variables = z.record(z.string().min(1).max(200), z.json()).meta({ id: 'Variables' });

/** Kode wilayah in Kemendagri's dotted form (`32`, `32.15`, `32.15.01`, `32.15.01.2001`), or `*` for the whole country. */
export const regionCode = z.string().regex(/^(\*|\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?)$/, 'notARegion');
/** `2026-11` */
export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'notAMonth');
export const villageCode = z.string().regex(/^\d{2}\.\d{2}\.\d{2}\.\d{4}$/, 'notAVillage');

/** BPMN ids and group names. */
export const identifier = z.string().min(1).max(255);
export const accountName = z.string().regex(/^[a-z0-9][a-z0-9._-]{1,62}$/, 'notAName');
