// A report on paper: black on white, whole, and on every sheet who may read it and which sheet it is.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { FULL, MESSAGES, WIDE, kinds, on, soon } from "./site.mjs";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "sheets-"));
/** The text of a sheet in CSS pixels: 178 by 261 mm. */
const A4 = { width: 673, height: 986 };
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));

/** Prints a page as a reader with a dark screen does, and gives the text of each sheet. */
async function sheets(page) {
  const file = path.join(folder, "page.pdf");
  await page.pdf({ path: file, preferCSSPageSize: true, tagged: true, outline: true });
  return execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" }).split("\f").slice(0, -1);
}

for (const [name, most] of [[MESSAGES, 10], [FULL, 11]]) {
  on(`${name} fits on few sheets, each of them named and counted`, name, async (page) => {
    await page.getByRole("button", { name: /^Local time/ }).click();
    const banner = await page.locator(".classification").first().innerText();
    const printed = await sheets(page);
    assert.ok(printed.length <= most, `${printed.length} sheets`);
    printed.forEach((sheet, index) => {
      assert.ok(sheet.includes(banner), `sheet ${index + 1} lacks ${banner}`);
      assert.match(sheet, new RegExp(`Page ${index + 1} of ${printed.length}`));
    });
    const text = printed.join("\n");
    assert.match(text, /SHA-256/);
    assert.doesNotMatch(text, /Copy message|Local time|GMT-/);
  }, { colorScheme: "dark" });
}

for (const name of kinds()) {
  on(`on paper ${name} is black on white, without controls, and nothing is cut`, name, async (page) => {
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const found = await page.evaluate(() => {
      const style = (element) => getComputedStyle(element);
      const visible = (element) => element.checkVisibility() && element.getBoundingClientRect().height > 0;
      return {
        paper: style(document.documentElement).backgroundColor,
        ink: style(document.querySelector("main p")).color,
        controls: [...document.querySelectorAll("button, input, nav, [role=search]")].filter(visible).map((element) => element.outerHTML),
        cut: [...document.querySelectorAll("pre, .table")].filter((element) => style(element).overflowX !== "visible").length,
        folded: [...document.querySelectorAll("details:not([open]) > :not(summary)")].filter((element) => element.parentElement.checkVisibility() && !element.checkVisibility()).length,
      };
    });
    assert.equal(found.paper, "rgb(255, 255, 255)");
    assert.match(found.ink, /^rgb\((0, 0, 0|51, 51, 51)\)$/);
    assert.deepEqual(found.controls, []);
    assert.equal(found.cut, 0);
    assert.equal(found.folded, 0);
  }, { viewport: A4 });
}

on("what is folded is open on paper, and folded again afterwards", FULL, async (page) => {
  // The formats of a message are controls, which paper does not show.
  const folded = () => page.locator("details:not([open]):not(.actions > details)").count();
  const before = await folded();
  assert.ok(before > 1);
  await page.emulateMedia({ media: "print" });
  await soon(folded, 0);
  await page.emulateMedia({ media: "screen" });
  await soon(folded, before);
});

/** Gives the text of a printed page without spaces, cell by cell. */
async function printedCells(page) {
  const file = path.join(folder, "cells.pdf");
  await page.pdf({ path: file, preferCSSPageSize: true });
  return execFileSync("pdftotext", ["-raw", file, "-"], { encoding: "utf8" }).replace(/\s+/g, "");
}

for (const name of [WIDE, FULL, "metrics.html"]) {
  on(`on paper every cell of ${name} is whole`, name, async (page) => {
    const cells = await page.locator(".table :is(th, td):not(:empty, :has(svg))").evaluateAll((all) => all.map((cell) => cell.textContent.replace(/\s+/g, "")));
    if (name === WIDE) assert.ok(cells.some((cell) => cell.length === 128) && (await page.locator(".wide").count()) === 2);
    const text = await printedCells(page);
    const lost = cells.filter((cell) => !text.includes(cell));
    assert.deepEqual(lost, []);
  });
}

for (const name of ["index.html", "actions.html"]) {
  on(`on paper the ids of ${name} are on one line each`, name, async (page) => {
    const ids = await page.locator(".records .id, .actions .id").allInnerTexts();
    assert.ok(ids.length > 10, `${ids.length}`);
    const text = (await sheets(page)).join("\n");
    for (const id of ids) assert.ok(text.includes(id.trim()), id);
  });
}
