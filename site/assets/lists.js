// Filters a list in place, and counts what is left. Loaded after `app.js`.
"use strict";
(() => {
  const { all, one, make, say, controls, actions } = globalThis.afterword;
  const rows = all("[data-filter], [data-incident]");
  if (!controls || rows.length < 2) return;
  const noun = controls.dataset.controls;
  const asked = new URLSearchParams(location.search);
  const box = make("input", { type: "search", name: "q", id: "filter", autocomplete: "off" });
  const count = make("p", { class: "counts" });
  const form = make("form", { role: "search", class: "filter" }, make("p", {}, make("label", { for: "filter" }, `Filter ${noun}`), " ", box));
  form.append(count, actions);
  for (const key of ["severity", "status"]) {
    const values = [...new Set(rows.map((row) => row.dataset[key]).filter(Boolean))].sort();
    if (values.length < 2 || rows.length < 6) continue;
    const set = make("p", { role: "group", "aria-label": key });
    for (const value of values) {
      const check = make("input", { type: "checkbox", name: key, value });
      check.checked = asked.getAll(key).includes(value);
      set.append(make("label", {}, check, " ", value), " ");
    }
    form.append(set);
  }
  box.value = asked.get("q") || "";
  const words = rows.map((row) => row.dataset.filter || row.textContent.toLowerCase());
  const groups = new Set(rows.map((row) => row.parentElement));
  const apply = (typed) => {
    const query = box.value.trim();
    const wanted = query.toLowerCase().split(/\s+/);
    const chosen = ["severity", "status"].map((key) => [key, new FormData(form).getAll(key)]);
    let shown = 0;
    rows.forEach((row, index) => {
      const found = wanted.every((word) => words[index].includes(word))
        && chosen.every(([key, values]) => !values.length || values.includes(row.dataset[key]));
      row.hidden = !found;
      shown += found;
    });
    for (const group of groups) {
      const region = group.closest(".table") || group;
      region.hidden = !one(":scope > :not([hidden])", group);
      const heading = region.previousElementSibling;
      if (!heading?.matches("h2, h3")) continue;
      heading.hidden = region.hidden;
      const left = all(":scope > :not([hidden])", group).length;
      for (const total of all(".counts", heading)) total.textContent = total.textContent.replace(/^.* of |^/, `${left} of `).replace(/^(\d+) of \1\b/, left);
    }
    const next = new URLSearchParams(new FormData(form));
    if (!query) next.delete("q");
    const summary = shown ? `${shown} of ${rows.length} ${noun}` : `No matches${query ? ` for “${query}”` : ""}. Press Esc to clear.`;
    count.textContent = `${next}` ? summary : `${rows.length} ${noun}`;
    if (!typed) return;
    say(count.textContent, 300);
    try { history.replaceState(null, "", `${next}` ? `?${next}` : location.pathname); } catch { }
  };
  form.addEventListener("input", () => apply(true));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    form.reset();
    apply(true);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  controls.append(form);
  apply();
})();
