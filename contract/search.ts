/** The common shape of `POST /v2/<noun>/search`: filter, sort, cursor page. */
import { z } from 'zod';
import { dateTime, key } from './values.ts';

export const searchLimits = {
  pageDefault: 100,
  pageMost: 1_000,
  /** Totals are counted up to here. */ totalMost: 10_000,
  valuesPerFilter: 1_000,
} as const;

const list = <T extends z.ZodType>(value: T): z.ZodArray<T> => z.array(value).max(searchLimits.valuesPerFilter);

/** Equality, existence, membership: for keys and states. */
const basic = <T extends z.ZodType>(value: T) => ({
  $eq: value.optional(),
  $neq: value.optional(),
  $exists: z.boolean().optional(),
  $in: list(value).optional(),
  $notIn: list(value).optional(),
});
const ordered = <T extends z.ZodType>(value: T) => ({
  ...basic(value),
  $gt: value.optional(),
  $gte: value.optional(),
  $lt: value.optional(),
  $lte: value.optional(),
});

/** Enumerations are read without regard to case and answered canonically. */
export const enumeration = <const V extends readonly [string, ...string[]]>(values: V) =>
  z.preprocess((value) => (typeof value === 'string' ? value.toUpperCase() : value), z.enum(values));

export const keyFilter = z.union([key, z.strictObject(basic(key))]).meta({ id: 'KeyFilter' });
export const textFilter = z
  .union([
    z.string().max(500),
    z.strictObject({
      ...basic(z.string().max(500)),
      /** `*` any text, `?` one character. */ $like: z.string().max(500).optional(),
    }),
  ])
  .meta({ id: 'TextFilter' });
export const dateTimeFilter = z.union([dateTime, z.strictObject(ordered(dateTime))]).meta({ id: 'DateTimeFilter' });
export const integerFilter = z.union([z.int(), z.strictObject(ordered(z.int()))]).meta({ id: 'IntegerFilter' });
export const enumFilter = <const V extends readonly [string, ...string[]]>(values: V) =>
  z.union([
    enumeration(values),
    z.strictObject({ ...basic(enumeration(values)), $like: z.string().max(500).optional() }),
  ]);

export const page = z
  .union([
    z.strictObject({ limit: z.int().min(1).max(searchLimits.pageMost).optional(), after: z.string().max(500) }),
    z.strictObject({ limit: z.int().min(1).max(searchLimits.pageMost).optional(), before: z.string().max(500) }),
    z.strictObject({
      limit: z.int().min(1).max(searchLimits.pageMost).optional(),
      from: z.int().min(0).max(searchLimits.totalMost).optional(),
    }),
  ])
  .meta({ id: 'PageRequest' });

export const sortOf = <const F extends readonly [string, ...string[]]>(fields: F) =>
  z.array(z.object({ field: z.enum(fields), order: enumeration(['ASC', 'DESC']).default('ASC') })).max(5);

/** Body of a search; all parts optional. `include` adds Alur's own members to each item, which Camunda's clients do not know. */
export const searchBody = <F extends z.ZodType, const S extends readonly [string, ...string[]]>(
  filter: F,
  sortFields: S,
) => z.object({ filter: filter.optional(), sort: sortOf(sortFields).optional(), page: page.optional() });

export const pageInfo = z
  .object({
    totalItems: z.int(),
    /** true: there are more than `totalItems`; counting stopped there. */
    hasMoreTotalItems: z.boolean(),
    startCursor: z.string().nullable(),
    endCursor: z.string().nullable(),
  })
  .meta({ id: 'PageInfo' });
export const searchAnswer = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), page: pageInfo });
