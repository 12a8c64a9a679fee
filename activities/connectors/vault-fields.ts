/** Citizen data as the vault keeps it, by the name connectors use. */
export type { Citizen as VaultFields } from '#db/vault.ts';
