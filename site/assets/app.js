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
    made.addEventListener("click", press);
    return made;
  };
  const main = one("main");
  const controls = one("[data-controls]");
  const actions = make("span", { class: "actions" });
  controls?.prepend(actions);
  const status = main.appendChild(make("p", { role: "status", class: "hidden" }));
  let saying;
  const say = (words, after = 50) => {
    status.textContent = "";
    clearTimeout(saying);
    saying = setTimeout(() => { status.textContent = words; }, after);
  };

  const copier = (label, name, said, shown, text, html) => {
    const word = make("span", { class: "said", "aria-hidden": "true" }, "Copied");
    let pressed;
    const tell = (short, words) => {
      word.textContent = short;
      made.classList.add("done");
      clearTimeout(pressed);
      pressed = setTimeout(() => made.classList.remove("done"), 2000);
      say(words);
    };
    const made = button(label, { "aria-label": name, class: "copy" }, async () => {
      const blob = (type, data) => ({ [type]: new Blob([data], { type }) });
      try {
        await (html
          ? navigator.clipboard.write([new ClipboardItem({ ...blob("text/plain", text), ...blob("text/html", html) })])
          : navigator.clipboard.writeText(text));
        tell("Copied", said);
      } catch {
        getSelection().selectAllChildren(shown());
        tell("Press Ctrl+C", "Press Ctrl+C (Cmd+C) to copy");
      }
    });
    made.append(word);
    return made;
  };
  // For the other scripts.
  globalThis.afterword = { all, one, make, say, copier, controls, actions };
  if (controls?.matches(".downloads")) {
    const address = () => controls.appendChild(make("code", {}, location.href));
    actions.append(copier("Copy link", "Copy link to this page", "Link copied", address, location));
  }

  for (const time of all("[data-ago], [data-due]")) {
    const hours = (new Date(time.dateTime) - Date.now()) / 36e5;
    const far = Math.abs(hours);
    if (far > 48) continue;
    const unit = far < 2 ? [hours * 60, "minute"] : [hours, "hour"];
    const text = new Intl.RelativeTimeFormat("en").format(Math.round(unit[0]), unit[1]);
    time.after(" ", make("small", {}, time.matches("[data-due]") ? text.replace("ago", "late") : text));
  }

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const written = one("[data-zone]")?.textContent || "UTC";
  const times = all("main time[datetime*=T]");
  if (controls && !["records", "customers"].includes(controls.dataset.controls) && times.length && zone && zone !== written) {
    let clock, offset, names;
    const named = (date) => offset.formatToParts(date).find((part) => part.type === "timeZoneName").value;
    const localised = (time) => {
      clock ||= new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });
      offset ||= new Intl.DateTimeFormat("en", { timeZoneName: "shortOffset" });
      // Near a change, all show.
      names ||= new Set(times.flatMap((time) => [-36e5, 36e5].map((near) => named(+new Date(time.dateTime) + near))));
      const match = time.textContent.match(/^(~?)(\d{4}-\d\d-\d\d )?(\d\d:\d\d(:\d\d)?)(\.\d+)?( \S+)?$/);
      if (!match) return null;
      const date = new Date(time.dateTime);
      const [day, hour] = clock.format(date).split(" ");
      const dayAbove = time.closest("ol")?.previousElementSibling?.querySelector("time")?.dateTime || time.dateTime.slice(0, 10);
      const name = match[6] || names.size > 1 ? ` ${named(date)}` : "";
      return match[1] + (match[2] || day !== dayAbove ? `${day} ` : "") + (match[4] ? hour : hour.slice(0, 5)) + (match[5] || "") + name;
    };
    const show = (local) => {
      toggle.setAttribute("aria-pressed", local);
      for (const time of times) {
        const text = local && !one(".local", time) && localised(time);
        if (text) time.replaceChildren(make("span", { class: "written" }, ...time.childNodes), make("span", { class: "local" }, text));
      }
      document.documentElement.toggleAttribute("data-local", local);
    };
    for (const word of all("[data-zone]")) word.replaceChildren(make("span", { class: "written" }, written), make("span", { class: "local" }, zone));
    const toggle = button("Local time", { class: "toggle" }, () => {
      const local = toggle.getAttribute("aria-pressed") !== "true";
      show(local);
      try { localStorage.setItem("local-time", local); } catch { }
      say(`Times are shown in ${local ? zone : written}`);
    });
    toggle.append(make("span", { class: "up" }, ` (${zone})`));
    actions.append(toggle);
    try { show(localStorage.getItem("local-time") === "true"); } catch { show(false); }
  }

  const entries = all("[data-toc] a[href^='#']").map((link) => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))]);
  if (entries.length) {
    const mark = () => {
      const passed = entries.filter(([, heading]) => heading?.getBoundingClientRect().top < 120).pop();
      for (const entry of entries) entry[0].ariaCurrent = entry === passed || null;
    };
    addEventListener("scroll", mark);
    requestAnimationFrame(mark);
  }

  // A link opens its fold.
  onload = onhashchange = () => one("details:not([open]) > summary:has(:target)")?.click();

  // Printed open, also where the sheet cannot do it.
  let folded = [];
  matchMedia("print").addEventListener("change", ({ matches }) => {
    if (matches) folded = all("details:not([open])");
    for (const fold of folded) fold.open = matches;
  });

  addEventListener("keydown", (event) => {
    const box = one("input[type=search]");
    if (event.key !== "/" || !box || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    box.focus();
  });
})();
