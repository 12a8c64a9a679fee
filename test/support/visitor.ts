/**
 * One person at a browser of their own: signs in, moves about, and has pages looked over at desk and phone width (accessibility by axe,
 * nothing wider than the screen). What the browser complains about on the way is kept in `complaints`.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

const screenshots = path.resolve(__dirname, '..', '..', 'docs', 'screenshots');
const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
/** Screenshots of long pages end here, in CSS pixels. */
const tallest = { 1440: 1_350, 390: 2_200 } as const;
const patienceMs = 45_000;
const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** The browser's words for an answer of 4xx: part of the protocol, told to the person by the page. */
const refusal = /^Failed to load resource: the server responded with a status of 4\d\d/;

export class Visitor {
  readonly page: Page;
  /** Console errors (content security policy included), exceptions, answers of 5xx. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  readonly #url: string;

  private constructor(context: BrowserContext, page: Page, url: string) {
    this.#context = context;
    this.page = page;
    this.#url = url;
    page.on('console', (message) => {
      if (message.type() === 'error' && !refusal.test(message.text())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('response', (response) => {
      if (response.status() >= 500) this.complaints.push(`${response.status()} ${response.url()}`);
    });
  }

  /** @param url origin of the product */
  static async arrive(browser: Browser, url: string): Promise<Visitor> {
    const context = await browser.newContext({ viewport: desk, locale: 'id-ID', timezoneId: 'Asia/Jakarta' });
    context.setDefaultTimeout(patienceMs);
    const visitor = new Visitor(context, await context.newPage(), url);
    await visitor.open('/');
    return visitor;
  }

  async signIn(name: string, password = 'alur-demo'): Promise<void> {
    await this.page.getByLabel('Nama akun').fill(name);
    await this.page.getByLabel('Kata sandi').fill(password);
    await this.button('Masuk').click();
    await this.page.getByRole('navigation', { name: 'Menu utama' }).waitFor();
    await this.settled();
  }

  async open(address: string): Promise<void> {
    await this.page.goto(`${this.#url}${address}`);
    await this.settled();
  }
  leave(): Promise<void> {
    return this.#context.close();
  }

  /** Nothing is being loaded any more. */
  async settled(): Promise<void> {
    await this.page.locator('h1').first().waitFor({ state: 'attached' });
    await this.page.locator('.loading').first().waitFor({ state: 'detached' });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }
  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { name });
  }

  /** Whether the middle of an element is what a pointer meets there: nothing lies over it. */
  async isOnTop(element: Locator): Promise<boolean> {
    await element.scrollIntoViewIfNeeded();
    return element.evaluate((node) => {
      const box = node.getBoundingClientRect();
      const met = node.ownerDocument.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return met !== null && node.contains(met);
    });
  }

  /** Looks the present page over at both widths and returns what is wrong; with ALUR_SCREENSHOTS=1 pictures it as `name`. */
  async inspect(name: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const size of [phone, desk]) {
      await this.page.setViewportSize(size);
      await this.settled();
      const { violations } = await new AxeBuilder({ page: this.page }).withTags(wcag).analyze();
      for (const { id, impact, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue;
        found.push(`${name} at ${size.width}: ${id} at ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
      }
      const over = (await this.page.locator('html').evaluate((root) => root.scrollWidth)) - size.width;
      if (over > 0) found.push(`${name} at ${size.width}: ${over} px wider than the screen`);
      if (process.env['ALUR_SCREENSHOTS'] === '1') await this.#picture(name, size.width === 390 ? 390 : 1440);
    }
    return found;
  }

  async #picture(name: string, width: 390 | 1440): Promise<void> {
    await mkdir(screenshots, { recursive: true });
    // A sticky header would stand in the middle of the picture.
    await this.page.locator('html').evaluate((root) => root.scrollTo(0, 0));
    const height = await this.page.locator('html').evaluate((root) => root.scrollHeight);
    await this.page.screenshot({
      path: path.join(screenshots, `${name}-${width}.png`),
      fullPage: true,
      clip: { x: 0, y: 0, width, height: Math.min(height, tallest[width]) },
      animations: 'disabled',
    });
  }
}
