// Copies messages, also in other formats. Loaded after `app.js`.
"use strict";
(() => {
  const { all, one, make, copier, actions } = globalThis.afterword;

  /* Formats of a text that may be wrapped */
  const item = "[ \\t]*[-*•] +";
  // What begins a line of its own: a mark of a list or a quote, or a label.
  const own = "[ \\t]*(?:[-*•]|\\d+[.)]) |>|.{0,24}:(?!\\S)";
  const every = (pattern) => new RegExp(pattern, "gm");
  const join = (lines) => lines.replace(/(\S)\s*\n\s*(?=(\S))/g, (_, last, next) =>
    last + (/[\u0e00-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\uffef]{2}/.test(last + next) ? "" : " "));
  const joined = (text) => text.trim().replace(every(`^(?=${own}).+(?:\\n[ \\t]+(?!${own})\\S.*)+`), join);
  const unwrapped = (text) => joined(text).replace(every(`^(?!${own}).+(?:\\n(?!${own}).+)+`), join);
  // Nothing in the text is a tag or an entity.
  const markdown = (text) => joined(text).replace(/<(?=[a-z/!?])|&(?=#?\w+;)/gi, "\\$&")
    .replace(every(`^${item}`), "- ").replace(/^- .*\n(?!- |\n)/gm, "$&\n").replace(/(.)\n(?=.)/g, "$1  \n");
  const email = (text) => joined(text).replace(/[&<>]/g, (c) => `&#${c.charCodeAt()};`)
    .replace(every(`^${item}(.*)`), "<li>$1</li>").replace(/(<li>.*\n?)+/g, "\n\n<ul>$&</ul>\n\n").trim().split(/\n{2,}/)
    .map((part) => (/^<ul/.test(part) ? part : `<p>${part.replaceAll("\n", "<br>")}</p>`)).join("");

  /* Buttons, those in a fold when it is opened */
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
    const add = (into, label, what, given, html, shown = pre) => into.appendChild(
      copier(label, `${label}, ${name}`, `${name}: ${what} copied.${warning}`, () => {
        shown.closest("details:not([open])")?.toggleAttribute("open");
        return shown;
      }, given, html));
    add(row, "Copy message", "message", text);
    if (block.matches("[data-copy-latest]")) add(actions, "Copy customer message", "message", text).firstChild.append(`, ${name}`);
    const rest = (into) => {
      if (head) add(into, "Copy subject", "subject", subject, "", head);
      add(into, "Copy as email (HTML)", "email", text, email(text));
    };
    const isOld = block.matches(".sent:not([data-copy-latest])");
    if (!isOld) rest(row);
    const more = make("details", {}, make("summary", { "aria-label": `More formats, ${name}` }, "More formats"));
    more.addEventListener("toggle", () => {
      const formats = more.appendChild(make("p", { class: "actions" }));
      if (isOld) rest(formats);
      add(formats, "Copy unwrapped", "unwrapped message", unwrapped(text));
      add(formats, "Copy as Markdown", "Markdown", markdown(text));
    }, { once: true });
    row.append(more);
    if (warning && !block.closest(".draft")) row.append(make("strong", {}, warning));
    block.append(row);
  };
  for (const block of all("[data-copy]")) {
    const fold = block.closest("details:not([open])");
    if (fold && !block.matches("[data-copy-latest]")) fold.addEventListener("toggle", () => equip(block), { once: true });
    else equip(block);
  }
})();
