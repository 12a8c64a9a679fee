/** A document definition of pdfmake as PDF bytes. The same definition gives the same bytes, whenever and wherever it is printed. */
import { createRequire } from 'node:module';
import pdfmake from 'pdfmake';

export type PdfDefinition = Parameters<typeof pdfmake.createPdf>[0];

// Roboto (Apache-2.0) comes with pdfmake; the glyphs that are used are embedded.
const fonts = createRequire(import.meta.url)('pdfmake/fonts/Roboto.js') as Parameters<typeof pdfmake.setFonts>[0];
const fontFiles = new Set(Object.values(fonts).flatMap((family) => Object.values(family)));
pdfmake.setFonts(fonts);
// Nothing of a document's data can make the printer read an address or a file.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((file) => fontFiles.has(file));

export async function pdfOf(definition: PdfDefinition): Promise<Uint8Array> {
  return pdfmake.createPdf(definition).getBuffer();
}
