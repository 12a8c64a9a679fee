#!/usr/bin/env node
// TypeScript is run as it is: tsx turns it over while loading.
import { register } from 'tsx/esm/api';

register();
await import('./main.ts');
