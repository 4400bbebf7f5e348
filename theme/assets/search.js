// Answer queries in the browser from the segments that the build wrote; nothing leaves the page.
(function () {
  "use strict";

  const PAGE = 20;
  const BASE = "../";
  const HAN = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3134a}\\u3007";
  const RUN = new RegExp("([" + HAN + "]+)|([a-z0-9]+)", "gu");
  const [URL_, TITLE, INDEX, NUMBER, AGENCY, PUBLISHED, COLUMN, VALIDITY, SUMMARY] = [0, 1, 2, 3, 4, 5, 6, 7, 8];

  // The rule of terms() in plugins/gongkai/kernel/text.py; tests/segment.json holds the cases of both.
  function terms(text) {
    const found = [];
    for (const match of text.normalize("NFKC").toLowerCase().matchAll(RUN)) {
      if (match[2]) {
        found.push(match[2]);
        continue;
      }
      const letters = Array.from(match[1]);
      if (letters.length === 1) found.push(match[1]);
      for (let at = 0; at + 1 < letters.length; at += 1) found.push(letters[at] + letters[at + 1]);
    }
    return found;
  }

  // The stretches of a text that hold a term, as [start, end] pairs that do not touch.
  function stretches(text, wanted) {
    let plain = "";
    const origin = [];
    let at = 0;
    for (const letter of text) {
      for (const unit of letter.normalize("NFKC").toLowerCase().split("")) {
        plain += unit;
        origin.push(at);
      }
      at += letter.length;
    }
    origin.push(at);
    const spans = [];
    for (const term of wanted) {
      const isWhole = /^[a-z0-9]+$/.test(term);
      for (let hit = plain.indexOf(term); hit >= 0; hit = plain.indexOf(term, hit + 1)) {
        const end = hit + term.length;
        if (isWhole && (/[a-z0-9]/.test(plain[hit - 1] || "") || /[a-z0-9]/.test(plain[end] || ""))) continue;
        spans.push([origin[hit], origin[end]]);
      }
    }
    spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const joined = [];
    for (const span of spans) {
      const last = joined[joined.length - 1];
      if (last && span[0] <= last[1]) last[1] = Math.max(last[1], span[1]);
      else joined.push(span);
    }
    return joined;
  }

  // Text nodes and <mark> elements: whatever a title holds stays text.
  function marked(text, wanted) {
    const parts = document.createDocumentFragment();
    let at = 0;
    for (const [start, end] of stretches(text, wanted)) {
      parts.append(text.slice(at, start));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      parts.append(mark);
      at = end;
    }
    parts.append(text.slice(at));
    return parts;
  }

  function loadScript(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => {
        script.remove();
        reject(new Error(address));
      });
      document.head.append(script);
    });
  }

  function fetchJson(address) {
    return fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(address + " " + answer.status);
      return answer.json();
    });
  }

  let loading = null;

  function loadAll() {
    if (!loading) {
      loading = fetchJson("manifest.json").then((manifest) => {
        if (manifest.version !== 1) throw new Error("manifest version " + manifest.version);
        return Promise.all([
          globalThis.lunr ? null : loadScript(manifest.lunr),
          ...manifest.segments.map((segment) => fetchJson(segment.file)),
        ]);
      }).then(([, ...segments]) => segments.map((segment) => ({
        index: globalThis.lunr.Index.load(segment.index),
        cards: segment.cards,
      })));
      loading.catch(() => { loading = null; });
    }
    return loading;
  }

  function isLoneHan(term) {
    return Array.from(term).length === 1 && !/[a-z0-9]/.test(term);
  }

  function ask(segments, wanted, presence) {
    const { REQUIRED, OPTIONAL } = globalThis.lunr.Query.presence;
    const { LEADING, TRAILING, NONE } = globalThis.lunr.Query.wildcard;
    const hits = [];
    for (const segment of segments) {
      const results = segment.index.query((query) => {
        for (const term of wanted) {
          query.term(term, {
            presence: presence === "all" ? REQUIRED : OPTIONAL,
            usePipeline: false,
            wildcard: isLoneHan(term) ? LEADING | TRAILING : NONE,
          });
        }
      });
      for (const result of results) {
        const share = Math.min(1, Object.keys(result.matchData.metadata).length / wanted.length);
        hits.push({ score: result.score * share * share, share, card: segment.cards[Number(result.ref)] });
      }
    }
    return hits;
  }

  function search(segments, text) {
    const wanted = [...new Set(terms(text))];
    if (!wanted.length) return { wanted, hits: [], isPartial: false };
    const all = ask(segments, wanted, "all");
    if (all.length || wanted.length === 1) return { wanted, hits: all, isPartial: false };
    const some = ask(segments, wanted, "some").filter((hit) => hit.share >= 0.4);
    return { wanted, hits: some, isPartial: some.length > 0 };
  }

  const newer = (a, b) => (a.card[PUBLISHED] < b.card[PUBLISHED] ? 1 : a.card[PUBLISHED] > b.card[PUBLISHED] ? -1 : 0);
  const ORDERS = {
    score: (a, b) => b.score - a.score || newer(a, b),
    time: (a, b) => newer(a, b) || b.score - a.score,
  };

  function element(tag, className, content) {
    const made = document.createElement(tag);
    made.className = className;
    made.append(content);
    return made;
  }

  function resultItem(card, wanted, words) {
    const item = document.createElement("li");
    item.className = "gk-result";
    const head = document.createElement("h2");
    head.className = "gk-result__head";
    const link = element("a", "gk-result__title", marked(card[TITLE], wanted));
    link.href = BASE + card[URL_];
    head.append(link);
    if (card[VALIDITY]) head.append(" ", element("span", "gk-tag", card[VALIDITY]));
    item.append(head);
    const meta = document.createElement("ul");
    meta.className = "gk-row__meta";
    if (card[NUMBER]) meta.append(element("li", "", marked(card[NUMBER], wanted)));
    if (card[INDEX]) {
      const number = element("li", "", element("span", "gk-row__key", words.index));
      number.append(marked(card[INDEX], wanted));
      meta.append(number);
    }
    for (const part of [card[AGENCY], card[COLUMN]]) if (part) meta.append(element("li", "", part));
    if (card[PUBLISHED]) {
      const time = element("time", "", card[PUBLISHED]);
      time.dateTime = card[PUBLISHED].replace(" ", "T");
      meta.append(element("li", "", time));
    }
    item.append(meta);
    if (card[SUMMARY]) item.append(element("p", "gk-result__summary", marked(card[SUMMARY], wanted)));
    return item;
  }

  function start(page) {
    const part = (name) => page.querySelector("[data-gk-" + name + "]");
    const [form, list, said, more, none, failed, order, tips] =
      ["form", "results", "said", "more", "none", "error", "order", "tips"].map(part);
    const input = form.elements.q;
    const words = {
      count: page.dataset.wordCount,
      partial: page.dataset.wordPartial,
      loading: page.dataset.wordLoading,
      index: page.dataset.wordIndex,
    };
    const now = { text: "", answer: null, shown: PAGE, turn: 0 };

    const chosen = () => form.elements.order.value;

    function remember() {
      const address = new URL(location.href);
      address.hash = "";
      if (now.text) address.searchParams.set("q", now.text);
      else address.searchParams.delete("q");
      if (chosen() === "time") address.searchParams.set("order", "time");
      else address.searchParams.delete("order");
      history.replaceState({ shown: now.shown }, "", address);
    }

    function draw(from) {
      const { hits, wanted } = now.answer;
      if (!from) list.replaceChildren();
      hits.slice(from, now.shown).forEach((hit) => list.append(resultItem(hit.card, wanted, words)));
      more.hidden = hits.length <= now.shown;
      list.hidden = !hits.length;
      none.hidden = hits.length > 0;
      order.hidden = hits.length < 2;
    }

    function show(answer) {
      now.answer = answer;
      answer.hits.sort(ORDERS[chosen()]);
      said.textContent = answer.hits.length
        ? (answer.isPartial ? words.partial : words.count).replace("{n}", String(answer.hits.length))
        : "";
      draw(0);
      if (!answer.hits.length) said.textContent = none.textContent.trim();
      said.classList.toggle("gk-unseen", !answer.hits.length);
    }

    function reset() {
      now.answer = null;
      list.replaceChildren();
      said.textContent = "";
      [more, none, failed, order].forEach((each) => { each.hidden = true; });
      tips.hidden = false;
    }

    function run(text, shown) {
      now.turn += 1;
      const turn = now.turn;
      now.text = text.trim();
      now.shown = shown || PAGE;
      remember();
      if (!now.text) return reset();
      [none, failed].forEach((each) => { each.hidden = true; });
      tips.hidden = true;
      said.classList.remove("gk-unseen");
      said.textContent = words.loading;
      return loadAll().then((segments) => {
        if (turn === now.turn) show(search(segments, now.text));
      }).catch(() => {
        if (turn !== now.turn) return;
        reset();
        tips.hidden = true;
        failed.hidden = false;
      });
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run(input.value);
    });
    order.addEventListener("change", () => {
      if (!now.answer) return;
      now.shown = PAGE;
      remember();
      show(now.answer);
    });
    more.addEventListener("click", () => {
      const from = now.shown;
      now.shown += PAGE;
      remember();
      draw(from);
      list.children[from].querySelector("a").focus();
    });
    part("clear").hidden = false;
    part("clear").addEventListener("click", () => {
      input.value = "";
      form.elements.order.value = "score";
      run("");
      input.focus();
    });
    part("retry").addEventListener("click", () => run(now.text || input.value));

    const asked = new URL(location.href).searchParams;
    if (asked.get("order") === "time") form.elements.order.value = "time";
    const text = (asked.get("q") || "").slice(0, 100);
    input.value = text;
    document.getElementById("gk-find").value = text;
    if (text) run(text, history.state && history.state.shown);
  }

  globalThis.gongkai = Object.assign(globalThis.gongkai || {}, { terms, stretches });
  const page = typeof document === "undefined" ? null : document.querySelector("[data-gk-search]");
  if (page) start(page);
})();
