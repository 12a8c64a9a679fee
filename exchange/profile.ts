/** Mapping profiles: which column of whose file is which field of ours, and how it is written. Data, checked here. */
import { z } from 'zod';

/** Forms a date may have in a file. EXCEL: days since 1900, as a workbook keeps dates. */
export const dateForms = ['DD-MM-YYYY', 'DD/MM/YYYY', 'YYYY-MM-DD', 'EXCEL'] as const;
export type DateForm = (typeof dateForms)[number];

const common = {
  /** As the header of a file of ours says it. */
  name: z.string().trim().min(1).max(100),
  /** Other headers that mean the same. Compared without case, blanks and punctuation. */
  aliases: z.array(z.string().trim().min(1).max(100)).max(20).default([]),
  /** Our field. */
  field: z.string().regex(/^[a-z][A-Za-z0-9]{0,59}$/),
  required: z.boolean().default(false),
};
const code = z.strictObject({
  /** Ours. */
  value: z.string().min(1),
  /** As files have it, in any case; the first is how we write it. */
  written: z.array(z.string().min(1)).min(1).max(20),
});
const column = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal('text'), most: z.int().min(1).max(2_000).default(200) }),
  z.strictObject({ ...common, type: z.literal('nik') }),
  z.strictObject({ ...common, type: z.literal('familyCard') }),
  z.strictObject({ ...common, type: z.literal('date'), forms: z.array(z.enum(dateForms)).min(1) }),
  z.strictObject({ ...common, type: z.literal('whole') }),
  z.strictObject({ ...common, type: z.literal('decimal') }),
  z.strictObject({ ...common, type: z.literal('money') }),
  z.strictObject({ ...common, type: z.literal('village') }),
  z.strictObject({ ...common, type: z.literal('period') }),
  z.strictObject({ ...common, type: z.literal('code'), codes: z.array(code).min(1).max(100) }),
]);
export type Column = z.output<typeof column>;

/** What the rows of a file are about: who takes them in, or gives them. */
export const profilePurposes = [
  'legacyList',
  'centralProposals',
  'centralResults',
  'deliveryOrders',
  'deliveryResults',
  'provincialList',
] as const;

export const mappingProfile = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/),
    title: z.strictObject({ id: z.string().min(1), en: z.string().min(1) }),
    purpose: z.enum(profilePurposes),
    /** Only such a profile may have columns of population numbers. */
    carriesNik: z.boolean(),
    /** Field that names a row within its list; null: its whole content does. */
    identity: z.string().nullable(),
    /** Fields that every row has without a column. */
    constants: z.record(z.string(), z.string()).default({}),
    /** How we write it; both are read. */
    writes: z.strictObject({ as: z.enum(['csv', 'xlsx']), delimiter: z.enum([',', ';', '\t']).default(',') }),
    columns: z.array(column).min(1).max(100),
  })
  .superRefine((profile, context) => {
    const refuse = (message: string): void => context.addIssue({ code: 'custom', message, path: ['columns'] });
    const headers = profile.columns.flatMap(({ name, aliases }) => [name, ...aliases].map(plainHeader));
    const fields = [...profile.columns.map(({ field }) => field), ...Object.keys(profile.constants)];
    for (const twice of repeated(headers)) refuse(`two columns are called ${twice}`);
    for (const twice of repeated(fields)) refuse(`two columns fill the field ${twice}`);
    if (!profile.carriesNik && profile.columns.some(({ type }) => type === 'nik' || type === 'familyCard'))
      refuse('a profile that does not say carriesNik has a column of population numbers');
    if (profile.identity !== null && !fields.includes(profile.identity))
      refuse(`no column fills the field ${profile.identity}, which names a row`);
  });
export type MappingProfile = z.output<typeof mappingProfile>;

/** Name of the setting that holds a profile. */
export const profileSetting = (id: string): string => `dtks.profil.${id}`;

/** A header for comparison: letters and digits only. */
export const plainHeader = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');

const repeated = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];
