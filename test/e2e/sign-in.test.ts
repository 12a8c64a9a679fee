/** A person's first minute in a real browser: the page opens, signs in, shows the work, and nobody is shut out of it. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { Product } from '../support/product.ts';

let product: Product;
let browser: Browser;

beforeAll(async () => {
  product = await Product.create();
  [browser] = await Promise.all([launchBrowser(), product.start(['--empty'])]);
}, 400_000);

afterAll(async () => {
  await browser.close();
  await product.remove();
}, 120_000);

test.each([390, 1440])(
  'the village operator signs in and sees the tasks at %i px',
  async (width) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, locale: 'id-ID' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(product.url);
    await page.locator('input[name="name"], input[autocomplete="username"]').first().fill('operator');
    await page.locator('input[type="password"]').fill('alur-demo');
    await page.locator('button[type="submit"]').click();
    await page.getByRole('heading', { name: 'Tugas' }).first().waitFor({ timeout: 60_000 });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id }) => id)).toEqual([]);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  },
  180_000,
);
