// Every kind of page keeps the rules of accessibility (WCAG 2.2 AA, by axe) and of HTML and CSS (by Nu), and is light.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { FULL, SITE, kinds, visit } from "./site.mjs";

const require = createRequire(import.meta.url);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

for (const scheme of ["light", "dark"]) {
  for (const width of [390, 1280]) {
    test(`axe finds nothing in ${scheme} at ${width} pixels`, { timeout: 120_000 }, async () => {
      for (const name of kinds()) {
        await visit(name, async (page) => {
          // The policy of a page is right in refusing scripts from outside; axe is let in by the browser.
          await page.evaluate(axe);
          const found = await page.evaluate(async (tags) => {
            const result = await axe.run(document, { runOnly: tags, rules: { "target-size": { enabled: true } }, resultTypes: ["violations"] });
            return result.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target).join(", ")}`);
          }, RULES);
          assert.deepEqual(found, [], name);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${name} is ${wide} pixels too wide`);
        }, { colorScheme: scheme, viewport: { width, height: 844 }, bypassCSP: true, hasTouch: width < 500 });
      }
    });
  }
}

test("no page is wider than a small phone", { timeout: 60_000 }, async () => {
  for (const name of kinds()) {
    await visit(name, async (page) => {
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, name);
    }, { viewport: { width: 320, height: 640 }, hasTouch: true });
  }
});

test("Nu finds no error and no warning in any page, style sheet or drawing", { timeout: 120_000 }, () => {
  const files = fs.readdirSync(SITE, { recursive: true }).filter((name) => /\.(html|css|svg)$/.test(name)).sort();
  const jar = require.resolve("vnu-jar/build/dist/vnu.jar");
  const options = ["-Xss1m", "-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", "--also-check-css", "--also-check-svg"];
  const printed = execFileSync("java", [...options, ...files], { cwd: SITE, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
  // A file has no origin, so a policy of `'self'` seems to keep out the page's own files.
  const found = JSON.parse(printed).messages
    .filter(({ message }) => !message.startsWith("Resource violates Content Security Policy"))
    .map(({ url, lastLine, message }) => `${url}:${lastLine}: ${message}`);
  assert.deepEqual(found, []);
});

/** How many bytes a reader loads for a file. */
const sent = (name) => gzipSync(fs.readFileSync(path.join(SITE, name)), { level: 9 }).length;

test("what every page loads beside its text stays small", () => {
  for (const [name, most] of [["assets/app.js", 2560], ["assets/copy.js", 1600], ["assets/lists.js", 1536], ["assets/style.css", 6656], ["assets/search.js", 4096], ["assets/icon.svg", 1024]]) {
    assert.ok(sent(name) <= most, `${name} is ${sent(name)} bytes`);
  }
});

test("the search loads small files", () => {
  for (const name of fs.readdirSync(path.join(SITE, "search"), { recursive: true })) {
    if (name.endsWith(".js")) assert.ok(sent(`search/${name}`) <= 12 * 1024, name);
  }
});

test("a page loads four files from its own site", async () => {
  await visit(FULL, async (page) => {
    const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname));
    assert.deepEqual(loaded.filter((name) => !name.startsWith("/assets/") && !/\.(png|jpe?g)$/.test(name)), []);
    assert.ok(loaded.length <= 4, loaded.join(", "));
  });
});
