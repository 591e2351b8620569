// The list of incidents is filtered in place, and all reports are searched, also from a folder.
import assert from "node:assert/strict";
import { SITE, on, said, soon } from "./site.mjs";

const rows = (page) => page.locator("li[data-incident]:visible").count();
const count = (page) => page.locator(".counts:visible").last();
const results = (page) => page.locator("[data-search-results] > li");
const box = (page) => page.getByRole("searchbox");

on("a list is filtered by words and by boxes, and says how many are left", "index.html", async (page) => {
  const all = await rows(page);
  assert.ok(all > 10, `${all}`);
  await page.keyboard.press("/");
  await page.keyboard.type("labels");
  const some = await rows(page);
  assert.ok(some > 0 && some < all, `${some}`);
  await soon(() => said(page), `${some} of ${all} records`);
  assert.equal(new URL(page.url()).search, "?q=labels");
  await page.keyboard.press("Escape");
  assert.equal(await rows(page), all);
  assert.equal(new URL(page.url()).search, "");
  await page.getByLabel("P2", { exact: true }).check();
  const medium = await rows(page);
  assert.ok(medium > 0 && medium < all, `${medium}`);
  await page.getByLabel("Closed").check();
  assert.ok((await rows(page)) <= medium);
});

on("an address with a query opens the list filtered", "index.html?q=INC-2026-0008", async (page) => {
  assert.equal(await rows(page), 1);
  assert.equal(await page.locator("main h2:visible").filter({ hasText: "2025" }).count(), 0, "an empty year is hidden");
  assert.deepEqual(await page.locator("main h2 .counts:visible").allInnerTexts(), ["1 of 8 records"], "a year says how many rows are left");
});

on("nothing that matches is said, with the way back", "index.html", async (page) => {
  await box(page).fill("zzqxvjk");
  assert.equal(await rows(page), 0);
  assert.match(await page.locator("[role=search]").innerText(), /No matches for “zzqxvjk”/);
});

on("a slash that is typed stays a slash", "index.html", async (page) => {
  await box(page).fill("");
  await box(page).pressSequentially("a/b");
  assert.equal(await box(page).inputValue(), "a/b");
});

for (const [where, address] of [["the web", "search.html"], ["a folder", `file://${SITE}/search.html`]]) {
  on(`words are found in what reports say, from ${where}`, address, async (page) => {
    await box(page).pressSequentially("gatew");
    await soon(() => said(page), /^\d+ reports?$/);
    assert.equal(await said(page), `${await results(page).count()} reports`);
    await box(page).fill("intermediate certificate");
    await soon(() => results(page).first().innerText(), /INC-2026-0008/);
    assert.ok(await page.locator("mark").count());
    const section = results(page).first().locator("p:not(.title) a").first();
    const target = new URL(await section.evaluate((link) => link.href));
    await section.click();
    await page.waitForLoadState();
    assert.ok(await page.locator(decodeURIComponent(target.hash)).isVisible());
  });
}

on("a title counts more than a text", "search.html?q=carrier", async (page) => {
  await soon(() => results(page).first().innerText(), /carrier/i);
  const titles = await results(page).locator(".title").allInnerTexts();
  const named = titles.map((title) => /carrier/i.test(title));
  assert.deepEqual(named, [...named].sort().reverse(), titles.join("; "));
});

on("a word with one typing error finds the word, and a number is never changed", "search.html", async (page) => {
  await box(page).fill("certifcate");
  await soon(() => said(page), /^No reports match “certifcate”\. Showing \d+ reports for “certificate”\.$/);
  assert.match(await page.locator("mark").first().innerText(), /^certificate/i);
  await box(page).fill("2O25-99999");
  await soon(() => said(page), /^No reports match “2O25-99999”\. Try/);
  assert.equal(await results(page).count(), 0);
});

on("accents do not count", `search.html?q=${encodeURIComponent("cértïficate")}`, async (page) => {
  await soon(() => said(page), /^\d+ reports$/);
  assert.match(await page.locator("mark").first().innerText(), /certificate/i);
});

on("a hit in a timeline leads to the event", "search.html?q=replica%20promoted", async (page) => {
  const hit = results(page).locator("a").filter({ hasText: /^Timeline, / }).first();
  await soon(() => hit.innerText(), /^Timeline, [\d:~ -]+$/);
  await hit.click();
  await page.waitForLoadState();
  assert.ok(await page.locator("[data-timeline-entry]:target").isVisible());
});

on("a search without results says so", "search.html", async (page) => {
  await box(page).fill("zzqxvjk");
  await soon(() => said(page), /^No reports match “zzqxvjk”/);
  assert.equal(await results(page).count(), 0);
  await page.keyboard.press("Escape");
  assert.equal(await box(page).inputValue(), "");
});

on("what is typed is never more than text", `search.html?q=${encodeURIComponent("<img src=x onerror=alert(1)>")}`, async (page) => {
  await soon(() => said(page), /^No reports match “<img/);
  assert.equal(await page.locator("main img").count(), 0);
});
