// Messages are copied as they were written.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { MESSAGES, SITE, on, said, soon } from "./site.mjs";

// The link opens the messages, which are folded.
const OPENED = `${MESSAGES}#messages`;
const BUTTONS = "main button[aria-label^=Copy]";
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
// Presses a copy button and waits until the page says that it is done.
const press = async (page, button) => {
  await page.evaluate(() => { document.querySelector("main > [role=status]").textContent = ""; });
  await button.click();
  await soon(() => said(page), / copied\./);
};

on("each copy button has a unique name and is reached by Tab", OPENED, async (page) => {
  for (const more of await page.getByText("More formats").all()) await more.click();
  const names = await page.locator(BUTTONS).evaluateAll((all) => all.map((button) => button.ariaLabel));
  assert.ok(names.length > 10, `${names.length}`);
  assert.deepEqual([...new Set(names)], names);
  const reached = new Set();
  for (let press = 0; press < 250; press += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.ariaLabel));
  }
  assert.deepEqual(names.filter((name) => !reached.has(name)), []);
});

on("a message is copied exactly, with and without its subject", OPENED, async (page) => {
  const files = fs.readdirSync(path.join(SITE, "comms")).filter((name) => /INC-2026-0008.*\.txt$/.test(name));
  const sent = files.map((name) => fs.readFileSync(path.join(SITE, "comms", name), "utf8"));
  const blocks = page.locator("[data-copy]");
  const count = await blocks.count();
  assert.equal(count, sent.length);
  const copied = [];
  for (let index = 0; index < count; index += 1) {
    await blocks.nth(index).getByText("More formats").click();
    const buttons = blocks.nth(index).getByRole("button");
    await press(page, buttons.filter({ hasText: "Copy message" }));
    const body = await clipboard(page);
    const subject = buttons.filter({ hasText: "Copy subject" });
    if (await subject.count()) {
      await press(page, subject);
      copied.push(`Subject: ${await clipboard(page)}\n\n${body}\n`);
    } else copied.push(`${body}\n`);
  }
  assert.deepEqual(copied.sort(), sent.sort());
});

on("what was sent has one button, except for the latest message", OPENED, async (page) => {
  const shown = await page.locator("[data-copy]").evaluateAll((all) => all.map((block) => [block.matches("[data-copy-latest]"), block.querySelectorAll("button").length]));
  assert.ok(shown.some(([isLatest]) => isLatest) && shown.length > 5);
  for (const [isLatest, count] of shown) assert.equal(count, isLatest ? 3 : 1);
});

on("a press is confirmed, keeps the focus and the width, and can be repeated", OPENED, async (page) => {
  const button = page.locator("[data-copy]").first().getByRole("button", { name: /^Copy message/ });
  const before = await button.boundingBox();
  for (const key of ["Enter", "Space"]) {
    await page.evaluate(() => navigator.clipboard.writeText("before"));
    await page.evaluate(() => { document.querySelector("[role=status]").textContent = ""; });
    await button.focus();
    await page.keyboard.press(key);
    await soon(() => said(page), /^Resolved .*: message copied\.$/);
    assert.notEqual(await clipboard(page), "before", key);
    assert.ok(await button.evaluate((element) => element === document.activeElement));
    assert.ok(await button.locator(".said").isVisible());
    assert.equal((await button.boundingBox()).width, before.width);
  }
  await soon(() => button.locator(".said").isVisible(), false, "the label comes back");
});

on("an unwrapped message has its paragraphs on one line each, and its lists as they were", OPENED, async (page) => {
  const blocks = page.locator("[data-copy]");
  const texts = await blocks.locator("[data-copy-text]").allTextContents();
  assert.ok(texts.some((text) => /[^\n]\n(?![-*•])[^\n]/.test(text)), "a paragraph of several lines is there");
  for (const [index, text] of texts.entries()) {
    await blocks.nth(index).getByText("More formats").click();
    const button = blocks.nth(index).getByRole("button", { name: /^Copy unwrapped, [A-Z]/ });
    await press(page, button);
    const copied = await clipboard(page);
    assert.equal(copied.replace(/\s+/g, " "), text.trim().replace(/\s+/g, " "));
    assert.doesNotMatch(copied, /^(?![-*•] |\d+[.)] |.{0,24}:\s).+\n(?![-*•] |\d+[.)] |.{0,24}:\s|\n)./m);
    assert.equal(copied.split(/^[-*•] /m).length, text.split(/^[-*•] /m).length);
  }
});

// Replaces the text of each message on the page.
const written = (text) => ({
  prepare: (context) => context.route("**/*.html", async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/(data-copy-text>)[^<]*/g, `$1${text}`);
    await route.fulfill({ response, body });
  }),
});

// Copies the first message of the page in a format of those that are folded.
const format = async (page, name) => {
  const block = page.locator("[data-copy]").first();
  await block.getByText("More formats").click();
  await press(page, block.getByRole("button", { name }));
  return clipboard(page);
};
const html = (page) => page.evaluate(async () => {
  const [item] = await navigator.clipboard.read();
  return (await item.getType("text/html")).text();
});

const WRAPPED = "Dear all,\n- one item that\n  wraps here\n  twice\n- two &amp;lt; three, &lt;b> and &lt;= 4\nDone.\n&gt; quoted\n&gt; on\nこれは最初の\n行です\n";

on("a wrapped item, a quote and a text without spaces are joined in every format", OPENED, async (page) => {
  assert.equal(
    await format(page, /^Copy unwrapped, [A-Z]/),
    "Dear all,\n- one item that wraps here twice\n- two &lt; three, <b> and <= 4\nDone.\n> quoted\n> on\nこれは最初の行です",
  );
  await press(page, page.getByRole("button", { name: /^Copy as Markdown/ }).first());
  assert.equal(
    await clipboard(page),
    "Dear all,  \n- one item that wraps here twice  \n- two \\&lt; three, \\<b> and <= 4\n\nDone.  \n> quoted  \n> on  \nこれは最初の  \n行です",
  );
  await press(page, page.getByRole("button", { name: /^Copy as email/ }).first());
  assert.equal(
    (await html(page)).replaceAll("\n", ""),
    "<p>Dear all,</p><ul><li>one item that wraps here twice</li><li>two &amp;lt; three, &lt;b&gt; and &lt;= 4</li></ul><p>Done.<br>&gt; quoted<br>&gt; on<br>これは最初の<br>行です</p>",
  );
}, written(WRAPPED));

on("a customer is picked by a part of the name, and gets a copy with the own figures", "comms/INC-2025-0141.html", async (page) => {
  await page.getByLabel("Filter customers").fill("casa");
  const shown = page.locator("details[data-filter]:visible");
  assert.deepEqual(await shown.locator("> summary").allTextContents(), ["Casa Tejeda"]);
  await shown.locator("> summary").click();
  await press(page, shown.getByRole("button", { name: "Copy message, Resolved for Casa Tejeda" }));
  assert.match(await clipboard(page), /^Hello Casa Tejeda,\n[^]*Impact on your accounts:\n/);
});

on("labels and list items stay lines of their own in an unwrapped message", OPENED, async (page) => {
  assert.equal(
    await format(page, /^Copy unwrapped, [A-Z]/),
    "Orders were late, and some were lost.\n\nStarted: 10:00 UTC\nNext update: 10:30 UTC\n1. Retry.\n2. Wait.\nThank you all.\n- One\nCause:\n- Two",
  );
}, written("Orders were late,\nand some were\nlost.\n\nStarted: 10:00 UTC\nNext update: 10:30 UTC\n1. Retry.\n2. Wait.\nThank\nyou all.\n- One\nCause:\n- Two\n"));

on("a report's first button copies the latest message to customers, and says which", "incidents/INC-2026-0008.html", async (page) => {
  const button = page.getByRole("button", { name: /^Copy customer message/ });
  const name = await button.getAttribute("aria-label");
  assert.match(name, /^Copy customer message, Postmortem .*\d\d:\d\d/);
  assert.match(await button.innerText(), new RegExp(`^${name}`));
  await press(page, button);
  const files = fs.readdirSync(path.join(SITE, "comms")).filter((file) => /INC-2026-0008.*\.txt$/.test(file));
  const last = fs.readFileSync(path.join(SITE, "comms", files.sort().pop()), "utf8");
  assert.equal(`${await clipboard(page)}\n`, last.replace(/^Subject: .*\n\n/, ""));
});

on("an email has paragraphs in HTML and a plain-text alternative", OPENED, async (page) => {
  await page.locator("[data-copy]").first().getByText("More formats").click();
  await press(page, page.locator("[data-copy]").first().getByRole("button", { name: /email/ }));
  const read = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const flavour = async (type) => (await item.getType(type)).text();
    return { html: await flavour("text/html"), text: await flavour("text/plain") };
  });
  assert.match(read.html, /^<p>/);
  assert.doesNotMatch(read.html, /<(img|link|script|style)|https?:/);
  // The subject has its own button: in the body of an email it would be sent twice.
  const block = page.locator("[data-copy]").first();
  const subject = await block.locator("[data-copy-subject]").textContent();
  assert.ok(subject && !read.html.includes(subject) && !read.text.includes(subject));
  assert.equal(read.text, (await block.locator("[data-copy-text]").textContent()).replace(/\n$/, ""));
});

on("a page that is opened from a folder copies too", `file://${SITE}/${MESSAGES}`, async (page) => {
  await page.getByRole("button", { name: "Copy link to this page" }).click();
  await soon(() => said(page), /^(Link copied|Press Ctrl\+C)/);
});

on("without a clipboard the text is selected, and the keys to press are shown", OPENED, async (page) => {
  await page.locator("[data-copy]").first().getByRole("button", { name: /^Copy message/ }).press("Enter");
  await soon(() => said(page), "Press Ctrl+C (Cmd+C) to copy");
  const text = await page.locator("[data-copy-text]").first().innerText();
  assert.equal((await page.evaluate(() => String(getSelection()))).trim(), text.trim());
}, {
  prepare: (context) => context.addInitScript(() => Object.defineProperty(Navigator.prototype, "clipboard", { get: () => undefined })),
});

on("a placeholder in a message causes a warning", OPENED, async (page) => {
  const block = page.locator("[data-copy]").first();
  assert.match(await block.innerText(), /Fill in before sending: \[CUSTOMER NAME\]/);
  await block.getByRole("button", { name: /^Copy message/ }).click();
  await soon(() => said(page), /Fill in before sending: \[CUSTOMER NAME\]$/);
}, {
  prepare: (context) => context.route("**/*.html", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace("data-copy-text>", "data-copy-text>Dear [CUSTOMER NAME], ") });
  }),
});
