// Full-text search over the files in `search/`, which the build generates from the text of the pages.
// They are scripts because a page opened from the file system can load nothing else.
"use strict";
(() => {
  const mount = document.querySelector("[data-search]");
  const SHOWN = 10; // results at once
  const WEIGHTS = [1, 1.5, 4, 8]; // once, often, in a heading, in the title
  const BEGUN = 0.6; // weight of a word that only starts with the typed text
  const WORD_CHARACTERS = "[\\p{Alphabetic}\\p{N}]";

  /* Files: each is loaded once and calls one of these functions. */
  const files = new Map();
  let given;
  const take = (...data) => { given = data[data.length - 1]; };
  globalThis.afterword = { contents: take, words: take, page: take };
  const load = (path, version = "") => {
    if (!files.has(path)) {
      files.set(path, new Promise((done) => {
        const script = document.createElement("script");
        script.src = `search/${path.split("/").map(encodeURIComponent).join("/")}.js${version}`;
        // A script's `load` event fires after it ran and before any other script runs.
        script.onload = () => { done(given); script.remove(); };
        script.onerror = () => { files.delete(path); script.remove(); done(null); };
        document.head.append(script);
      }));
    }
    return files.get(path);
  };

  let contents;
  const begun = async () => {
    const data = contents || await load("contents");
    if (!data || contents) return contents;
    let before = "";
    const pages = data.pages.map((end) => (before = end[0] === "/" ? end.slice(1) : before.slice(0, -end.length) + end));
    contents = { pages, begin: new Set(data.begin.split(" ")), common: new Set(data.common.split(" ")), version: `?${data.version}` };
    return contents;
  };

  /* The pages that contain a word, each with a score. */
  const fileName = (prefix) => [...prefix].map((c) => (/[a-z0-9]/.test(c) ? `-${c}` : `-u${c.codePointAt(0).toString(16)}`)).join("");
  const find = async (word) => {
    const characters = [...word];
    const found = { pages: new Map(), more: false };
    for (let length = 0; length <= characters.length; length += 1) {
      const prefix = characters.slice(0, length).join("");
      const split = contents.begin.has(`${prefix}+`);
      if (split && length < characters.length) continue;
      if (!split && !contents.begin.has(prefix)) return found;
      found.more = split;
      for (const [term, list] of Object.entries(await load(`words${fileName(prefix)}`, contents.version) || {})) {
        if (!term.startsWith(word)) continue;
        const worth = Math.log(1 + contents.pages.length / list.length) * (term === word ? 1 : BEGUN);
        let page = 0;
        for (const posting of list) {
          page += posting >> 2;
          const value = WEIGHTS[posting & 3] * worth;
          if (value > (found.pages.get(page) || 0)) found.pages.set(page, value);
        }
      }
      return found;
    }
    return found;
  };

  /* Results */
  const make = (name, attributes, ...inside) => {
    const element = document.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...inside);
    return element;
  };
  const marked = (text, pattern) => {
    const parts = [];
    let at = 0;
    for (const match of text.matchAll(pattern)) {
      parts.push(text.slice(at, match.index), make("mark", {}, match[0]));
      at = match.index + match[0].length;
    }
    return [...parts, text.slice(at)];
  };
  const snippet = (text, pattern) => {
    const first = Math.max(0, text.search(pattern));
    const start = first > 60 ? text.indexOf(" ", first - 60) + 1 : 0;
    const end = text.indexOf(" ", start + 180);
    return (start ? "… " : "") + text.slice(start, end < 0 ? undefined : end) + (end < 0 ? "" : " …");
  };
  const result = (page, words, pattern) => {
    const address = `${page.path.split("/").map(encodeURIComponent).join("/")}.html`;
    const of = (section) => words.filter((word) => new RegExp(`(?<!${WORD_CHARACTERS})${word}`, "iu").test(`${section.title} ${section.text}`)).length
      + (section.title.search(pattern) < 0 ? 0 : 0.5);
    const best = page.sections.map((section) => [of(section), section]).filter(([value]) => value > 0)
      .sort(([left], [right]) => right - left).slice(0, 2).map(([, section]) => section);
    const lines = (best.length ? best : page.sections.slice(0, 1)).map((section) => make("p", {},
      ...(section.id ? [make("a", { href: `${address}#${encodeURIComponent(section.id)}` }, ...marked(section.title, pattern)), " "] : []),
      ...marked(snippet(section.text, pattern), pattern)));
    return make("li", {}, make("p", { class: "title" }, make("a", { href: address }, ...marked(page.title, pattern))), ...lines);
  };

  /* The page */
  const box = make("input", { type: "search", id: "query", autocomplete: "off", spellcheck: "false" });
  const count = make("p", { class: "counts" });
  const list = make("ol", { class: "results", "data-search-results": "" });
  const more = make("button", { type: "button" }, "Show more");
  mount.append(make("div", { role: "search" }, make("label", { for: "query" }, "Search the reports"), " ", box), count, list, more);
  more.hidden = true;
  let saying;
  const say = (words) => {
    const status = document.querySelector("[role=status]");
    count.textContent = words;
    clearTimeout(saying);
    if (!status) return;
    status.textContent = "";
    saying = setTimeout(() => { status.textContent = words; }, 300);
  };
  let asked = 0;
  const show = (found, from, words, pattern) => Promise.all(
    found.slice(from, from + SHOWN).map(([page]) => load(`pages/${contents.pages[page]}`))
  ).then((pages) => pages.filter(Boolean).map((page) => result(page, words, pattern)));
  const search = async () => {
    const turn = asked += 1;
    const query = box.value.trim();
    const address = query ? `?${new URLSearchParams({ q: query })}` : location.pathname;
    try { history.replaceState(null, "", address); } catch { /* the address of a local file cannot change */ }
    const typed = (query.match(new RegExp(`${WORD_CHARACTERS}+`, "gu")) || []).map((word) => word.toLowerCase());
    await begun();
    if (turn !== asked) return;
    const distinctive = typed.filter((word) => [...word].length > 1 && !/^\d\d$/.test(word) && !contents?.common.has(word));
    const words = [...new Set(distinctive)];
    if (!contents || !words.length) {
      list.replaceChildren();
      more.hidden = true;
      say(!contents ? "The search index could not be loaded." : query ? "Enter at least two characters of a less common word." : "");
      return;
    }
    const each = await Promise.all(words.map(find));
    const [first, ...others] = each.map((found) => found.pages);
    const found = [...first].filter(([page]) => others.every((pages) => pages.has(page)))
      .map(([page, value]) => [page, others.reduce((sum, pages) => sum + pages.get(page), value)])
      .sort(([left, a], [right, b]) => b - a || right - left);
    const pattern = new RegExp(`(?<!${WORD_CHARACTERS})(?:${words.join("|")})`, "giu");
    const shown = await show(found, 0, words, pattern);
    if (turn !== asked) return;
    list.replaceChildren(...shown);
    const exact = each.at(-1).more ? " (exact matches only; type more characters to find longer words)" : "";
    say(found.length ? `${found.length} ${found.length === 1 ? "report" : "reports"}${exact}` : `No reports match “${query}”${exact}. Try fewer or shorter words.`);
    const next = () => {
      more.hidden = list.children.length >= found.length;
      more.onclick = async () => {
        const added = await show(found, list.children.length, words, pattern);
        if (turn !== asked) return;
        list.append(...added);
        added[0]?.querySelector("a").focus();
        next();
      };
    };
    next();
  };
  box.value = new URLSearchParams(location.search).get("q") || "";
  box.addEventListener("input", search);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.value) return;
    event.preventDefault();
    box.value = "";
    search();
  });
  begun();
  if (box.value) search();
})();
