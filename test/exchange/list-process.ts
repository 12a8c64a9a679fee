/** A process that takes a list in, to be killed in the middle: its argument is a ListPart in JSON. */
import { takePart } from './list-part.ts';
import type { ListPart } from './list-part.ts';

void takePart(JSON.parse(process.argv[2] ?? '') as ListPart);
