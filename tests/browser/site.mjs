// The site in a browser that can reach nothing else.
//
// A test gets a new page in a context of its own; what the page logs as an error,
// requests from another host or fails to find makes the test fail.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

export const SITE = process.env.SITE;
/** A report with every kind of section, one with tables that are wider than a sheet, and one with many messages. */
export const FULL = "incidents/INC-2025-0141.html";
export const WIDE = "incidents/INC-2025-0081.html";
export const MESSAGES = "incidents/INC-2026-0008.html";

const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json",
  ".svg": "image/svg+xml", ".png": "image/png", ".xml": "application/xml", ".atom": "application/atom+xml",
};
let browser;
let server;
export let origin;

before(async () => {
  server = http.createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, "http://site").pathname);
    const file = path.join(SITE, path.normalize(name.endsWith("/") ? `${name}index.html` : name));
    if (!file.startsWith(SITE) || !fs.existsSync(file) || fs.statSync(file).isDirectory()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "text/plain; charset=utf-8" });
    response.end(fs.readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
  });
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** Runs `body` with an open page; `at` is a path of the site, or a whole address. */
export function on(name, at, body, options = {}) {
  test(name, { timeout: 60_000 }, () => visit(at, body, options));
}

export async function visit(at, body, { prepare, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "America/New_York", reducedMotion: "reduce", ...options,
  });
  try {
    const problems = [];
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
    await prepare?.(context);
    const page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("requestfailed", (request) => problems.push(`failed: ${request.url()}`));
    page.on("request", (request) => {
      if (!/^(data|blob|file):/.test(request.url()) && !request.url().startsWith(origin)) problems.push(`leaves: ${request.url()}`);
    });
    await page.goto(at.includes("://") ? at : `${origin}/${at}`);
    await body(page);
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
}

/** Waits until `read` gives what is expected, as a reader would. */
export async function soon(read, expected, message) {
  let found;
  for (let tries = 0; tries < 60; tries += 1) {
    found = await read();
    if (expected instanceof RegExp ? expected.test(found) : found === expected) return;
    await new Promise((later) => setTimeout(later, 50));
  }
  if (expected instanceof RegExp) assert.match(String(found), expected, message);
  else assert.equal(found, expected, message);
}

/** Gives what a page says to those who cannot see it. */
export const said = (page) => page.locator("[role=status]").textContent();

/** Lists pages of each kind: all of a folder are alike, so the smallest and the largest stand for them. */
export function kinds() {
  const folders = new Map();
  for (const name of fs.readdirSync(SITE, { recursive: true })) {
    if (!name.endsWith(".html")) continue;
    const folder = path.dirname(name);
    const kind = folder === "." ? name : folder;
    folders.set(kind, [...(folders.get(kind) ?? []), name]);
  }
  const size = (name) => fs.statSync(path.join(SITE, name)).size;
  return [...folders.values()].flatMap((names) => {
    names.sort((left, right) => size(left) - size(right) || (left < right ? -1 : 1));
    return [...new Set([names[0], names.at(-1)])];
  }).sort();
}
