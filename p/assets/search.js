// Full-text search over the files in `search/`. They are scripts because a page opened from the file system can
// load nothing else.
"use strict";
(() => {
  const { one, make, say } = globalThis.afterword;
  const SHOWN = 10; // results at once
  const WEIGHTS = [1, 1.5, 4, 8]; // once, often, in a heading, in the title
  const BEGUN = 0.6; // weight of a word that only starts with the typed text
  const WORD = "[\\p{Alphabetic}\\p{N}\\p{M}]";
  // Scripts without spaces between words: the index has each pair of characters.
  const UNSPACED = "[\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u2e80-\\u9fff\\uac00-\\ud7ff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}]";
  const TOKEN = new RegExp(`(?:(?=${UNSPACED})${WORD})+|(?:(?!${UNSPACED})${WORD})+`, "gu");
  const unspaced = new RegExp(UNSPACED, "u");
  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFC").toLowerCase()
    .replace(/[^\0-\x7f]/g, (c) => contents?.letters[c] || c);

  /* Files: each is loaded once and calls one of these functions. */
  const files = new Map();
  let given;
  const take = (...data) => { given = data.at(-1); };
  globalThis.afterword = { contents: take, words: take, page: take };
  const load = (path, version = "") => {
    if (!files.has(path)) {
      files.set(path, new Promise((done) => {
        const script = make("script", { src: `search/${path.split("/").map(encodeURIComponent).join("/")}.js${version}` });
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
    contents = { pages, begin: new Set(data.begin.split(" ")), common: new Set(data.common.split(" ")), letters: data.letters, version: `?${data.version}` };
    return contents;
  };

  /* The pages that contain a word, each with a score. */
  const fileName = (prefix) => [...prefix].map((c) => (/[a-z0-9]/.test(c) ? `-${c}` : `-u${c.codePointAt(0).toString(16)}`)).join("");
  const entries = async (prefixes) => {
    const files = prefixes.map((prefix) => load(`words${fileName(prefix)}`, contents.version));
    return (await Promise.all(files)).flatMap((words) => Object.entries(words || {}));
  };
  const find = async (word) => {
    const characters = [...word];
    const found = { pages: new Map(), more: false };
    for (let length = 0; length <= characters.length; length += 1) {
      const prefix = characters.slice(0, length).join("");
      const split = contents.begin.has(`${prefix}+`);
      if (split && length < characters.length) continue;
      if (!split && !contents.begin.has(prefix)) return found;
      found.more = split;
      for (const [term, list] of await entries([prefix])) {
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
  // Whether a text starts with a word that has one typing error.
  const near = (word, text) => {
    let at = 0;
    while (at < word.length && word[at] === text[at]) at += 1;
    const swapped = (word[at + 1] || "") + (word[at] || "") + word.slice(at + 2);
    return text.startsWith(swapped, at) || text.startsWith(word.slice(at + 1), at)
      || text.startsWith(word.slice(at + 1), at + 1) || text.startsWith(word.slice(at), at + 1);
  };
  // The indexed word that was probably meant; the first character must be right, and numbers are never changed.
  const nearest = async (word) => {
    if (word.length < 4 || /\d/.test(word) || unspaced.test(word)) return "";
    const prefixes = [...contents.begin].filter((prefix) => !prefix.endsWith("+") && (!prefix || (prefix[0] === word[0] && near(prefix, word))));
    const terms = (await entries(prefixes)).filter(([term]) => term[0] === word[0] && near(word, term));
    return terms.sort(([a, left], [b, right]) => a.length - b.length || right.length - left.length)[0]?.[0];
  };

  /* Results */
  const begins = (word) => (unspaced.test(word) ? word : `(?<!${WORD})${word}`);
  // The start and end of each match in a text, although folding may change its length.
  const matches = (text, pattern) => {
    const at = [...text].flatMap((c, index) => fold(c).split("").map(() => index));
    return [...fold(text).matchAll(pattern)].map(({ index, 0: { length } }) => [at[index], at[index + length - 1] + 1]);
  };
  const marked = (text, pattern) => {
    const c = [...text];
    let done = 0;
    const take = (end) => c.slice(done, done = end).join("");
    return [...matches(text, pattern).flatMap(([start, end]) => [take(start), make("mark", {}, take(end))]), take()];
  };
  const snippet = (text, pattern) => {
    const first = Math.max(60, matches(text, pattern)[0]?.[0] || 0) - 60;
    // A text without spaces is cut anywhere.
    const space = (from, most) => (text.slice(from, from + most).indexOf(" ") + 1 || 1) + from;
    const start = first && space(first, 60);
    const end = text.length < start + 240 ? text.length : space(start + 180, 60) - 1;
    return (start ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "");
  };
  const result = (path, page, words, pattern) => {
    const address = `${path.split("/").map(encodeURIComponent).join("/")}.html`;
    const of = ([, title, text]) => words.filter((word) => new RegExp(begins(word), "iu").test(fold(`${title} ${text}`))).length
      + (fold(title).search(pattern) < 0 ? 0 : 0.5);
    const best = page.sections.map((section) => [of(section), section]).filter(([value]) => value > 0)
      .sort(([left], [right]) => right - left).slice(0, 2).map(([, section]) => section);
    const lines = (best.length ? best : page.sections.slice(0, 1)).map(([id, title, text]) => make("p", {},
      ...(id ? [make("a", { href: `${address}#${encodeURIComponent(id)}` }, ...marked(title, pattern)), " "] : []),
      ...marked(snippet(text, pattern), pattern)));
    return make("li", {}, make("p", { class: "title" }, make("a", { href: address }, ...marked(page.title, pattern))), ...lines);
  };

  /* The page */
  const box = make("input", { type: "search", id: "query", autocomplete: "off", spellcheck: "false" });
  const count = make("p", { class: "counts" });
  const list = make("ol", { class: "results", "data-search-results": "" });
  const more = make("button", { type: "button" }, "Show more");
  one("[data-search]").append(make("div", { role: "search" }, make("label", { for: "query" }, "Search the reports"), " ", box), count, list, more);
  more.hidden = true;
  const tell = (words) => {
    count.textContent = words;
    say(words, 300);
  };
  let asked = 0;
  const show = (found, from, words, pattern) => Promise.all(
    found.slice(from, from + SHOWN).map(async ([number]) => {
      const path = contents.pages[number];
      const page = await load(`pages/${path}`);
      return page && result(path, page, words, pattern);
    })
  ).then((results) => results.filter(Boolean));
  const search = async () => {
    const turn = asked += 1;
    const query = box.value.trim();
    const address = query ? `?${new URLSearchParams({ q: query })}` : location.pathname;
    try { history.replaceState(null, "", address); } catch { /* the address of a local file cannot change */ }
    await begun();
    if (turn !== asked) return;
    let words = [...new Set(fold(query).match(TOKEN))].filter((word) => [...word][1] && !/^\d\d$/.test(word) && !contents?.common.has(word));
    if (!contents || !words.length) {
      list.replaceChildren();
      more.hidden = true;
      tell(!contents ? "The search index could not be loaded." : query ? "Enter at least two characters of a less common word." : "");
      return;
    }
    const meant = new Map();
    const terms = words.flatMap((word) => (unspaced.test(word) ? [...word].slice(1).map((c, index) => [...word][index] + c) : [word]));
    const each = await Promise.all(terms.map(async (term) => {
      const found = await find(term);
      const other = !found.pages.size && !found.more && await nearest(term);
      if (!other) return found;
      meant.set(term, other);
      return find(other);
    }));
    words = words.map((word) => meant.get(word) || word);
    const [first, ...others] = each.map((found) => found.pages);
    const found = [...first].filter(([page]) => others.every((pages) => pages.has(page)))
      .map(([page, value]) => [page, others.reduce((sum, pages) => sum + pages.get(page), value)])
      .sort(([left, a], [right, b]) => b - a || right - left);
    const pattern = new RegExp(words.map(begins).join("|"), "giu");
    const shown = await show(found, 0, words, pattern);
    if (turn !== asked) return;
    list.replaceChildren(...shown);
    const exact = each.at(-1).more ? " (exact matches only; type more characters to find longer words)" : "";
    const none = `No reports match “${query}”${exact}.`;
    const some = `${found.length} ${found.length === 1 ? "report" : "reports"}`;
    tell(!found.length ? `${none} Try fewer or shorter words.` : meant.size ? `${none} Showing ${some} for “${words.join(" ")}”.` : some + exact);
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
