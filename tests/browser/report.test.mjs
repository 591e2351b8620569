// A report on the screen: its timeline, its times, its contents; and what is there without scripts.
import assert from "node:assert/strict";
import { FULL, MESSAGES, kinds, on, said, soon } from "./site.mjs";

on("every entry of a timeline has an address, a time and its distance from the start", MESSAGES, async (page) => {
  const entries = await page.locator("[data-timeline-entry]").evaluateAll((all) => all.map((entry) => ({
    id: entry.id, time: entry.querySelector("time")?.dateTime, offset: entry.querySelector(".offset")?.textContent ?? "",
  })));
  assert.ok(entries.length > 10);
  for (const { id, time, offset } of entries) {
    assert.ok(id && !Number.isNaN(Date.parse(time)), id);
    assert.match(offset, /^T[+-][\dhm: ]+$/);
  }
});

on("the phases are on the band in order, and listed below it", MESSAGES, async (page) => {
  const strip = page.getByRole("img", { name: /^Unnoticed.*; .*Recovering/ });
  const phases = await strip.locator("rect:not(.impact)").evaluateAll((all) => all.map((part) => [part.getBoundingClientRect().x, part.getAttribute("class")]));
  assert.deepEqual(phases, [...phases].sort(([left], [right]) => left - right));
  const keys = await page.locator(".phases .key").evaluateAll((all) => all.map((key) => key.classList[1]));
  assert.deepEqual(keys, phases.map(([, key]) => key));
});

on("the summary comes first, and the record is folded until it is asked for", FULL, async (page) => {
  const story = await page.locator(".story p").first().boundingBox();
  assert.ok(story.y < 300, `${story.y}`);
  assert.ok((await page.locator(".strip").boundingBox()).y < 850);
  const record = page.getByText("Review Attended By", { exact: true });
  assert.equal(await record.isVisible(), false);
  await page.getByText("People and record", { exact: true }).click();
  assert.ok(await record.isVisible());
  assert.equal(await page.locator(".rail .facts > div").count(), 6);
});

on("a part is folded until it is asked for, or a link leads to it", FULL, async (page) => {
  const code = page.getByText("SubPlan 1: Aggregate", { exact: false });
  assert.equal(await code.isVisible(), false);
  await page.goto(`${page.url()}#query-analysis`);
  await soon(() => code.isVisible(), true);
  await page.getByText("Query Analysis", { exact: true }).click();
  await soon(() => code.isVisible(), false);
});

on("an entry that is linked to is marked", `${MESSAGES}#event-ca3-expired`, async (page) => {
  const style = await page.locator("#event-ca3-expired").evaluate((entry) => getComputedStyle(entry).outlineStyle);
  assert.equal(style, "solid");
});

on("the contents are next to the text, and mark where the reader is", FULL, async (page) => {
  const contents = page.locator("[data-toc]");
  const current = () => contents.locator("[aria-current]").allInnerTexts().then((all) => all.join());
  for (const section of ["Root Cause", "Communication", "Timeline"]) {
    await contents.getByRole("link", { name: section, exact: true }).click();
    await soon(current, section);
    assert.ok(await contents.isVisible(), "it stays");
  }
});

on("on a phone the contents are closed until they are asked for", FULL, async (page) => {
  assert.equal(await page.locator("[data-toc]").isVisible(), false);
  await page.getByText("Contents", { exact: true }).click();
  assert.equal(await page.locator("[data-toc]").isVisible(), true);
}, { viewport: { width: 390, height: 844 }, hasTouch: true });

on("on a phone the timeline begins after the summary, the facts and one row of controls", FULL, async (page) => {
  assert.ok((await page.locator(".story").boundingBox()).y < 360);
  assert.ok((await page.locator("#timeline").boundingBox()).y < 1137);
}, { viewport: { width: 390, height: 844 }, hasTouch: true });

on("a step shows its status by its shape", FULL, async (page) => {
  const borders = (status) => page.locator(`.steps > .progress-${status}`).first()
    .evaluate((step) => getComputedStyle(step, "::before").borderWidth);
  assert.equal(await borders("done"), "0px 2px 2px 0px");
  assert.equal(await borders("planned"), "2px");
});

on("nothing is cut off where the line below a title wraps", "comms/index.html", async (page) => {
  const cut = await page.locator(".records .more").evaluateAll((lines) => lines.filter((line) => {
    const { left } = line.parentElement.getBoundingClientRect();
    const words = document.createRange();
    return [...line.querySelectorAll(":scope > span")].some((part) => {
      words.selectNodeContents(part);
      return [...words.getClientRects()].some((box) => box.left < left - 1);
    });
  }).length);
  assert.equal(cut, 0);
}, { viewport: { width: 390, height: 844 }, hasTouch: true });

on("times are shown where the reader is, remembered, and never in messages", MESSAGES, async (page) => {
  const first = page.locator("[data-timeline-entry] time").first();
  const message = await page.locator("[data-copy-text]").first().innerText();
  assert.equal(await first.innerText(), "08:00:00");
  const toggle = page.getByRole("button", { name: "Local time (America/New_York)" });
  await toggle.click();
  await soon(() => said(page), "Times are shown in America/New_York");
  assert.equal(await first.innerText(), "03:00:00");
  assert.equal(await first.getAttribute("datetime"), "2026-01-20T08:00:00Z");
  assert.match(await page.locator(".hint:visible").first().innerText(), /All times are America\/New_York/);
  await page.reload();
  assert.equal(await toggle.getAttribute("aria-pressed"), "true");
  assert.equal(await first.innerText(), "03:00:00");
  assert.equal(await page.locator("[data-copy-text]").first().innerText(), message);
  await toggle.click();
  assert.equal(await first.innerText(), "08:00:00");
});

on("a local time on another day says the day", MESSAGES, async (page) => {
  await page.getByRole("button", { name: /^Local time/ }).click();
  assert.equal(await page.locator("[data-timeline-entry] time").first().innerText(), "2026-01-19 22:00:00");
}, { timezoneId: "Pacific/Honolulu" });

for (const page of kinds()) {
  on(`without scripts ${page} says the same and has no dead control`, page, async (plain) => {
    assert.equal(await plain.locator("button:visible, input:visible, select:visible").count(), 0);
    assert.ok((await plain.locator("main").innerText()).length > 20);
  }, { javaScriptEnabled: false });
}
