// Copies messages as they were written, and in other formats. Loaded after `app.js`.
"use strict";
(() => {
  const { all, one, make, copier, actions } = globalThis.afterword;

  /* Formats. A message is text, in which list items and paragraphs may be wrapped. */
  const item = "[ \\t]*[-*•] +";
  // What begins a line that wrapping never continues: a mark of a list or a quote, or a label.
  const own = "[ \\t]*(?:[-*•]|\\d+[.)]) |>|.{0,24}:(?!\\S)";
  const every = (pattern) => new RegExp(pattern, "gm");
  const join = (lines) => lines.replace(/(\S)\s*\n\s*(?=(\S))/g, (_, last, next) =>
    last + (/[\u0e00-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\uffef]{2}/.test(last + next) ? "" : " "));
  const joined = (text) => text.trim().replace(every(`^(?=${own}).+(?:\\n[ \\t]+(?!${own})\\S.*)+`), join);
  const unwrapped = (text) => joined(text).replace(every(`^(?!${own}).+(?:\\n(?!${own}).+)+`), join);
  // The text is no Markdown, so nothing in it is a tag or an entity.
  const markdown = (text) => joined(text).replace(/<(?=[a-z/!?])|&(?=#?\w+;)/gi, "\\$&")
    .replace(every(`^${item}`), "- ").replace(/^- .*\n(?!- |\n)/gm, "$&\n").replace(/(.)\n(?=.)/g, "$1  \n");
  const email = (text) => joined(text).replace(/[&<>]/g, (c) => `&#${c.charCodeAt()};`)
    .replace(every(`^${item}(.*)`), "<li>$1</li>").replace(/(<li>.*\n?)+/g, "\n\n<ul>$&</ul>\n\n").trim().split(/\n{2,}/)
    .map((part) => (/^<ul/.test(part) ? part : `<p>${part.replaceAll("\n", "<br>")}</p>`)).join("");

  /* Buttons. Those in a fold are made when it is opened. */
  const named = {};
  const equip = (block) => {
    const pre = one("[data-copy-text]", block);
    const head = one("[data-copy-subject]", block);
    const stage = block.dataset.copyName;
    named[stage] = (named[stage] || 0) + 1;
    const name = named[stage] > 1 ? `${stage} (${named[stage]})` : stage;
    const text = pre.textContent.replace(/\n$/, "");
    const subject = head?.textContent;
    const open = text.match(/\[[A-Z][^\]\n]*\]|\{\{.*?\}\}/g);
    const warning = open ? ` Fill in before sending: ${open.join(", ")}` : "";
    const row = make("p", { class: "actions" });
    const add = (label, what, given, html, shown = pre, into = row) => into.appendChild(
      copier(label, `${label}, ${name}`, `${name}: ${what} copied.${warning}`, () => shown, given, html));
    add("Copy message", "message", text);
    if (block.matches("[data-copy-latest]")) add("Copy customer message", "message", text, "", pre, actions).firstChild.append(`, ${name}`);
    if (head) add("Copy subject", "subject", subject, "", head);
    add("Copy as email (HTML)", "email", text, email(text));
    const more = make("details", {}, make("summary", { "aria-label": `More formats, ${name}` }, "More formats"));
    more.addEventListener("toggle", () => {
      const formats = more.appendChild(make("p", { class: "actions" }));
      add("Copy unwrapped", "unwrapped message", unwrapped(text), "", pre, formats);
      add("Copy as Markdown", "Markdown", markdown(text), "", pre, formats);
    }, { once: true });
    row.append(more);
    if (warning && !block.closest(".draft")) row.append(make("strong", {}, warning));
    block.append(row);
  };
  for (const block of all("[data-copy]")) {
    const fold = block.closest("details:not([open])");
    if (fold) fold.addEventListener("toggle", () => equip(block), { once: true });
    else equip(block);
  }
})();
