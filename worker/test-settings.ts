/** Settings of stacks for tests of processes, for the worker and the embedded stack. README lists them. */
import { z } from 'zod';

export const testSettings = z
  .object({
    /** The engine's time can be moved, and with it everything that is due. */
    ALUR_TEST_CLOCK: z.stringbool().default(false),
    /** A test brings its own definitions and answers every job itself: none are published, no connector takes a job, no sweep is made. */
    ALUR_TEST_BARE: z.stringbool().default(false),
  })
  .refine(({ ALUR_TEST_CLOCK: clock, ALUR_TEST_BARE: bare }) => clock || !bare, {
    path: ['ALUR_TEST_BARE'],
    message: 'for tests only: set ALUR_TEST_CLOCK=true as well, or leave it out',
  });
