/** What the handlers work with; put together by main.ts, or by a test. */
import type { PayloadCodec } from '@temporalio/common';
import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { RowSeal } from '#db/exchange/row-seal.ts';
import type { FileRegister } from '#db/files.ts';
import type { PublicTokens } from '#db/public-token.ts';
import type { Vault } from '#db/vault.ts';
import type { Printer } from '#documents/printer.ts';
import type { FileStore } from '#files/store.ts';
import type { Temporal } from './temporal.ts';
import type { Clock } from './clock.ts';
import type { Live } from './live.ts';
import type { ModelCache } from './models.ts';
import type { Starter } from './proposals/starter.ts';

export interface Dependencies {
  /** Connections under role alur_app: row-level security holds. */
  readonly pool: Pool;
  readonly temporal: Temporal;
  readonly vault: Vault;
  /** Photos and papers, sealed. */
  readonly files: FileStore;
  readonly fileRegister: FileRegister;
  readonly publicTokens: PublicTokens;
  /** Papers as PDF, beside the requests. */
  readonly print: Printer;
  /** For rows of lists, before they are people of the register. */
  readonly rowSeal: RowSeal;
  /** For Temporal's UI and CLI: models stay references. */
  readonly codec: PayloadCodec;
  readonly models: ModelCache;
  readonly clock: Clock;
  readonly live: Live;
  /** Starts the cases of imported proposals. */
  readonly starter: Pick<Starter, 'wake'>;
  readonly logger: Logger;
  readonly options: ServerOptions;
}
export interface ServerOptions {
  /** Folder of the built web app; null: none is served. */
  readonly webRoot: string | null;
  /** Where everybody reaches the web app, without a slash at the end: printed in QR codes. */
  readonly publicUrl: string;
  /** Cookies only over https. */
  readonly secureCookies: boolean;
  readonly sessionHours: number;
  /** Failed sign-ins per account and address in a quarter of an hour. */
  readonly signInAttempts: number;
  /** Requests worked on at once; more are told to come back. */
  readonly concurrentRequests: number;
  /** Addresses of proxies whose X-Forwarded-For is believed; Express syntax. */
  readonly trustProxy: string | false;
  /** Origin of the pages of Temporal's UI, which may ask the codec; absent: none may. */
  readonly temporalUiOrigin?: string | undefined;
  /** Check each answer against the contract (tests). */
  readonly checkAnswers: boolean;
}
