/**
 * zod compiles parsers with `new Function` unless told not to, which the page's content security policy forbids. It has to be told
 * before the contract's modules run, hence the second step by `import()`.
 */
import { config } from 'zod';

config({ jitless: true });
void import('./start.tsx');
