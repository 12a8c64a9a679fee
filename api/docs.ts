/** The API's description as a page: Swagger UI from our own server, no script of its own page. */
import path from 'node:path';
import { createRequire } from 'node:module';
import express from 'express';
import type { RequestHandler } from 'express';

const folder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const initializer =
  "window.ui = SwaggerUIBundle({ url: '/v2/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });\n";

export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Alur API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const served = new Set(['/swagger-ui.css', '/swagger-ui-bundle.js', '/favicon-32x32.png']);
/** Serves the few files the page needs. */
export function swaggerAssets(): RequestHandler {
  const files = express.static(folder, { index: false });
  return (request, response, next) => {
    if (request.path === '/start.js') response.type('text/javascript').send(initializer);
    else if (served.has(request.path)) files(request, response, next);
    else next();
  };
}
