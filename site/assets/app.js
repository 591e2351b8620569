// What a page can do beyond being read: copy, filter, local times, the place in the contents.
// Every control is made here, so a page without scripts has none that is dead.
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const make = (name, attributes, ...inside) => {
    const element = document.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...inside);
    return element;
  };
  const button = (label, attributes, press) => {
    const made = make("button", { type: "button", ...attributes }, make("span", {}, label));
    made.addEventListener("click", () => press(made));
    return made;
  };
  const stored = (key, value) => {
    try { return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value); } catch { return null; }
  };
  const main = one("main");
  const controls = one("[data-controls]");
  const status = main.appendChild(make("p", { role: "status", class: "hidden" }));
  // Emptied first, so that the same words are read out again.
  let saying;
  const say = (words, after = 50) => {
    status.textContent = "";
    clearTimeout(saying);
    saying = setTimeout(() => { status.textContent = words; }, after);
  };

  /* Copy */
  const tell = (pressed, label, words) => {
    one(".told", pressed)?.remove();
    pressed.append(make("span", { class: "told", "aria-hidden": "true" }, label));
    pressed.classList.add("done");
    clearTimeout(pressed.timer);
    pressed.timer = setTimeout(() => pressed.classList.remove("done"), 2000);
    say(words);
  };
  const copier = (label, name, said, shown, text, html) => {
    const made = button(label, { "aria-label": name, class: "copy" }, async () => {
      const item = (type, data) => [type, new Blob([data], { type })];
      try {
        await (html
          ? navigator.clipboard.write([new ClipboardItem(Object.fromEntries([item("text/plain", text()), item("text/html", html())]))])
          : navigator.clipboard.writeText(text()));
        tell(made, "Copied", said);
      } catch {
        getSelection().selectAllChildren(shown());
        tell(made, "Press Ctrl+C", "Press Ctrl+C (Cmd+C) to copy");
      }
    });
    made.append(make("span", { class: "told", "aria-hidden": "true" }, "Copied"));
    return made;
  };
  const bullet = /^[-*•] +/;
  // Gives the paragraphs of a text; those that are lists hold only entries.
  const parts = (text) => text.trim()
    .replace(/^(?![-*•] ).+\n(?=[-*•] )|^[-*•] .*\n(?![-*•] |\n)/gm, "$&\n")
    .split(/\n{2,}/).map((part) => part.split("\n"));
  const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt()};`).replace(/\*\*(.+?)\*\*/g, "<strong>$1</strong>");
  const email = (text) => parts(text).map((lines) => bullet.test(lines[0])
    ? `<ul>${lines.map((line) => `<li>${escaped(line.replace(bullet, ""))}</li>`).join("")}</ul>`
    : `<p>${lines.map(escaped).join("<br>")}</p>`).join("");
  const markdown = (text) => parts(text).map((lines) => bullet.test(lines[0])
    ? lines.map((line) => line.replace(bullet, "- ")).join("\n")
    : lines.join("  \n")).join("\n\n");
  const named = {};
  for (const block of all("[data-copy]")) {
    const pre = one("[data-copy-text]", block);
    const head = one("[data-copy-subject]", block);
    const stage = block.dataset.copyName;
    named[stage] = (named[stage] || 0) + 1;
    const name = named[stage] > 1 ? `${stage} (${named[stage]})` : stage;
    const text = pre.textContent.replace(/\n$/, "");
    const subject = head?.textContent;
    const bold = subject ? `**${subject}**\n\n` : "";
    const open = text.match(/\[[A-Z][^\]\n]*\]|\{\{.*?\}\}/g);
    const warning = open ? ` Still to be filled in: ${open.join(", ")}` : "";
    const row = make("p", { class: "actions" });
    const add = (label, words, given, html, shown = pre) => row.append(
      copier(label, `${label}, ${name}`, `${name}: ${words} copied.${warning}`, () => shown, () => given, html && (() => html)), " ");
    add("Copy message", "message", text);
    if (subject) add("Copy subject", "subject", subject, null, head);
    add("Copy as Markdown", "Markdown", bold + markdown(text));
    add("Copy as email (HTML)", "email", subject ? `Subject: ${subject}\n\n${text}\n` : text, email(bold + text));
    if (warning) row.append(make("strong", {}, warning));
    block.append(row);
  }

  /* Actions of a page */
  const actions = make("span", { class: "actions" });
  controls?.prepend(actions);
  if (controls?.matches(".downloads")) {
    const address = () => controls.appendChild(make("code", {}, location.href));
    actions.append(copier("Copy link", "Copy link to this page", "Link copied", address, () => location.href), button("Print", {}, () => print()));
  }

  /* Filter */
  const rows = all("tr[data-filter], tr[data-incident]");
  if (rows.length > 1) {
    const asked = new URLSearchParams(location.search);
    const box = make("input", { type: "search", id: "filter", autocomplete: "off", spellcheck: "false" });
    const count = make("p", { class: "counts" });
    const noun = controls?.dataset.controls || "incidents";
    const form = make("div", { role: "search", class: "filter" }, make("p", {}, make("label", { for: "filter" }, `Filter ${noun}`), " ", box));
    const of = (row, key) => one(`.badge.${key}`, row)?.lastChild.textContent.trim();
    for (const key of ["severity", "status"]) {
      const values = [...new Set(rows.map((row) => of(row, key)).filter(Boolean))].sort();
      if (values.length < 2) continue;
      const set = make("fieldset", {}, make("legend", {}, key[0].toUpperCase() + key.slice(1)));
      for (const value of values) {
        const check = make("input", { type: "checkbox", name: key, value });
        check.checked = asked.getAll(key).includes(value);
        set.append(make("label", {}, check, " ", value), " ");
      }
      form.append(set);
    }
    box.value = asked.get("q") || "";
    form.append(count);
    const full = one("nav a[href$='search.html']")?.cloneNode();
    if (full) form.append(full);
    full?.append("Search what the reports say");
    const words = rows.map((row) => row.dataset.filter || row.textContent.toLowerCase());
    const tables = [...new Set(rows.map((row) => row.closest("table")))];
    const apply = (typed) => {
      const query = box.value.trim();
      const wanted = query.toLowerCase().split(/\s+/);
      const checked = all(":checked", form);
      let shown = 0;
      rows.forEach((row, place) => {
        const found = wanted.every((word) => words[place].includes(word))
          && ["severity", "status"].every((key) => {
            const chosen = checked.filter((check) => check.name === key);
            return !chosen.length || chosen.some((check) => check.value === of(row, key));
          });
        row.hidden = !found;
        shown += found;
      });
      for (const table of tables) {
        const region = table.closest(".table") || table;
        region.hidden = !one("tbody tr:not([hidden])", table);
        const heading = region.previousElementSibling;
        if (heading?.matches("h2, h3")) heading.hidden = region.hidden;
      }
      const narrow = query || checked.length;
      const told = shown ? `${shown} of ${rows.length} ${noun}` : `No ${noun} match${query ? ` “${query}”` : ""}. Esc clears the filter.`;
      count.textContent = narrow ? told : `${rows.length} ${noun}`;
      if (full) full.search = query && `?${new URLSearchParams({ q: query })}`;
      if (!typed) return;
      say(count.textContent, 300);
      const next = new URLSearchParams([...(query ? [["q", query]] : []), ...checked.map((check) => [check.name, check.value])]);
      try { history.replaceState(null, "", `${location.pathname}${next.size ? `?${next}` : ""}${location.hash}`); } catch { /* a file's address stays */ }
    };
    form.addEventListener("input", () => apply(true));
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      box.value = "";
      for (const check of all(":checked", form)) check.checked = false;
      apply(true);
    });
    const first = tables[0].closest(".table") || tables[0];
    if (controls) controls.append(form);
    else (first.previousElementSibling?.matches("h2, h3") ? first.previousElementSibling : first).before(form);
    apply();
  }

  /* Local times: what was written stays in the page, and print shows it. */
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const written = one("[data-zone]")?.textContent || "UTC";
  const times = all("main time[datetime*=T]");
  if (controls && times.length && zone && zone !== written) {
    let clock;
    let offset;
    const localised = (time) => {
      clock ||= new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });
      offset ||= new Intl.DateTimeFormat("en", { timeZoneName: "shortOffset" });
      const match = time.textContent.match(/^(~?)(\d{4}-\d\d-\d\d )?(\d\d:\d\d(:\d\d)?)( \S+)?$/);
      if (!match) return null;
      const date = new Date(time.dateTime);
      const [day, hour] = clock.format(date).split(" ");
      const told = time.closest("ol")?.previousElementSibling?.querySelector("time")?.dateTime || time.dateTime.slice(0, 10);
      const name = match[5] ? ` ${offset.formatToParts(date).find((part) => part.type === "timeZoneName").value}` : "";
      return match[1] + (match[2] || day !== told ? `${day} ` : "") + (match[4] ? hour : hour.slice(0, 5)) + name;
    };
    const show = (pressed, local) => {
      pressed.setAttribute("aria-pressed", local);
      for (const time of times) {
        const text = local && !one(".local", time) && localised(time);
        if (text) time.replaceChildren(make("span", { class: "written" }, ...time.childNodes), make("span", { class: "local" }, text));
      }
      document.documentElement.toggleAttribute("data-local", local);
    };
    for (const word of all("[data-zone]")) word.replaceChildren(make("span", { class: "written" }, written), make("span", { class: "local" }, zone));
    const toggle = button(`Local time (${zone})`, { class: "toggle" }, () => {
      const local = toggle.getAttribute("aria-pressed") !== "true";
      show(toggle, local);
      stored("local-time", local);
      say(`Times are in ${local ? zone : written}`);
    });
    actions.append(toggle);
    show(toggle, stored("local-time") === "true");
  }

  /* Contents */
  const entries = all("[data-toc] a[href^='#']").map((link) => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))]);
  if (entries.length) {
    let waiting = false;
    const mark = () => {
      waiting = false;
      const passed = entries.filter(([, heading]) => heading?.getBoundingClientRect().top < 120).pop();
      for (const [link] of entries) {
        if (link === passed?.[0]) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    };
    addEventListener("scroll", () => { if (!waiting) waiting = Boolean(requestAnimationFrame(mark)); }, { passive: true });
    requestAnimationFrame(mark);
  }

  addEventListener("keydown", (event) => {
    const box = one("input[type=search]");
    if (event.key !== "/" || !box || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    box.focus();
  });
})();
