// Draw what the engine answers. Words come with the page; data become text and <mark> elements, nothing else.
(function () {
  "use strict";

  const SHOWN = 8;  // values of a facet before "more"
  const FACETS = ["agency", "column", "subject", "kind", "validity", "year"];

  function node(name, attributes, ...children) {
    const made = document.createElement(name);
    Object.keys(attributes || {}).forEach((key) => made.setAttribute(key, attributes[key]));
    made.append(...children);
    return made;
  }

  function empty(element) {
    element.textContent = "";
    return element;
  }

  // A text as the engine compares it, and for each unit of it where it stands in the text.
  function plainOf(text) {
    let plain = "";
    const origin = [];
    let at = 0;
    for (const letter of text) {
      const same = letter.normalize("NFKC").toLowerCase();
      plain += same;
      for (let unit = 0; unit < same.length; unit += 1) origin.push(at);
      at += letter.length;
    }
    origin.push(at);
    return { plain, origin };
  }

  // The stretches of a text that hold a mark, as [start, end] pairs that do not touch.
  function stretches(text, marks) {
    const { plain, origin } = plainOf(text);
    const isWord = (unit) => /[a-z0-9]/.test(unit || "");
    const spans = [];
    marks.filter(Boolean).forEach((mark) => {
      for (let hit = plain.indexOf(mark); hit >= 0; hit = plain.indexOf(mark, hit + 1)) {
        const end = hit + mark.length;
        const isCut = (isWord(mark[0]) && isWord(plain[hit - 1]))
          || (isWord(mark[mark.length - 1]) && isWord(plain[end]));
        if (!isCut) spans.push([origin[hit], origin[end]]);
      }
    });
    spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const joined = [];
    spans.forEach((span) => {
      const last = joined[joined.length - 1];
      if (last && span[0] <= last[1]) last[1] = Math.max(last[1], span[1]);
      else joined.push(span);
    });
    return joined;
  }

  function marked(text, marks) {
    const parts = document.createDocumentFragment();
    let at = 0;
    stretches(text, marks).forEach(([start, end]) => {
      parts.append(text.slice(at, start), node("mark", {}, text.slice(start, end)));
      at = end;
    });
    parts.append(text.slice(at));
    return parts;
  }

  // A summary that was cut at a comma says that it goes on.
  const ended = (text) => text.replace(/[\uff0c\uff1b\u3001,;]$/, "$&\u2026");

  // root: the way from the page to the site's root
  function view(page, root) {
    function word(name, facts) {
      const text = page.dataset["word" + name[0].toUpperCase() + name.slice(1)] || "";
      return text.replace(/\{(\w+)\}/g, (all, key) => (facts && key in facts ? facts[key] : all));
    }

    // Hits

    function metaOf(card, marks) {
      const meta = node("ul", { class: "gk-row__meta" });
      if (card.document_number) meta.append(node("li", {}, marked(card.document_number, marks)));
      if (card.index) {
        const key = node("span", { class: "gk-row__key" }, word("index"));
        meta.append(node("li", {}, key, marked(card.index, marks)));
      }
      new Set([card.agency_label, card.column_label, card.kind_label].filter(Boolean))
        .forEach((label) => meta.append(node("li", {}, label)));
      if (card.published) {
        const moment = { datetime: card.published.replace(" ", "T") };
        meta.append(node("li", {}, node("time", moment, card.published)));
      }
      return meta;
    }

    // askContext(hit) promises a stretch of the text that holds words of the query: "" where the text
    // does not say them, null where it could not be read
    function contextOf(hit, marks, askContext) {
      const button = node("button", { class: "gk-result__more", type: "button", "aria-expanded": "false" });
      const name = node("span", { class: "gk-unseen" }, word("contextOf", { title: hit.card.title }));
      const place = node("div", { class: "gk-result__context", role: "status", hidden: "" });
      const label = (text) => { empty(button).append(text, name); };
      label(word("context"));
      button.addEventListener("click", () => {
        const isOpen = button.getAttribute("aria-expanded") === "true";
        button.setAttribute("aria-expanded", String(!isOpen));
        label(word(isOpen ? "context" : "contextHide"));
        place.hidden = isOpen;
        if (isOpen || place.dataset.done) return;
        empty(place).append(word("loading"));
        askContext(hit).catch(() => null).then((line) => {
          const isRead = typeof line === "string";
          if (isRead) place.dataset.done = "1";
          empty(place).append(line ? marked(line, marks) : word(isRead ? "contextAway" : "contextNone"));
        });
      });
      return [button, place];
    }

    function hit(found, marks, askContext) {
      const { card } = found;
      const link = node("a", { class: "gk-result__title", href: root + card.url }, marked(card.title, marks));
      const head = node("h3", { class: "gk-result__head" }, link);
      if (found.isExact) head.append(" ", node("span", { class: "gk-tag gk-tag--exact" }, word("exact")));
      if (card.validity) {
        const state = found.isLapsed ? "gk-tag gk-tag--lapsed" : "gk-tag";
        head.append(" ", node("span", { class: state }, card.validity));
      }
      const item = node("li", { class: found.isLapsed ? "gk-result gk-result--lapsed" : "gk-result" }, head);
      item.append(metaOf(card, marks));
      if (card.summary) item.append(node("p", { class: "gk-result__summary" }, marked(ended(card.summary), marks)));
      if (found.isUnproven) {
        item.append(node("p", { class: "gk-result__note" }, word(askContext ? "unproven" : "unprovenDisk")));
      }
      if (askContext) item.append(...contextOf(found, marks, askContext));
      return item;
    }

    // Pager

    function pager(number, last, state, addressOf) {
      const step = (key, to, relation) => {
        if (to === number || to < 1 || to > last) {
          return node("li", {}, node("span", { "aria-disabled": "true" }, word(key)));
        }
        const link = node("a", { href: addressOf(to), "data-page": to }, word(key));
        if (relation) link.rel = relation;
        return node("li", {}, link);
      };
      return node("nav", { class: "gk-pager", "aria-label": word("pager") },
        node("p", { class: "gk-pager__state" }, state),
        node("ul", { class: "gk-pager__steps" },
          step("first", 1), step("previous", number - 1, "prev"),
          step("next", number + 1, "next"), step("last", last)));
    }

    // Filters

    function chips(filters, labelOf) {
      const parts = [];
      FACETS.forEach((facet) => filters[facet].forEach((code) => {
        const facts = { name: word(facet), label: labelOf(facet, code) };
        const button = node("button", {
          class: "gk-chip", type: "button", "data-facet": facet, "data-code": code,
          "aria-label": word("unchip", facts),
        }, word("chip", facts), node("span", { class: "gk-chip__cross", "aria-hidden": "true" }, "×"));
        parts.push(node("li", {}, button));
      }));
      if (parts.length > 1) {
        const all = { class: "gk-chip gk-chip--all", type: "button", "data-drop": "" };
        parts.push(node("li", {}, node("button", all, word("drop"))));
      }
      return parts;
    }

    function choice(facet, [code, label, count], isChosen) {
      const box = node("input", { type: "checkbox", name: facet, value: code });
      box.checked = isChosen;
      return node("li", {}, node("label", { class: "gk-filter__choice" }, box, " ",
        node("span", { class: "gk-filter__name" }, label), " ",
        node("span", { class: "gk-filter__count" }, String(count))));
    }

    // wide: names of the facets that show all their values; it keeps what the reader opened
    function facet(name, values, chosen, wide) {
      const list = node("ul", { class: "gk-filter__list" });
      values.forEach((value, at) => {
        const item = choice(name, value, chosen.includes(value[0]));
        item.hidden = at >= SHOWN && !chosen.includes(value[0]) && !wide.has(name);
        list.append(item);
      });
      const group = node("fieldset", { class: "gk-filter" },
        node("legend", { class: "gk-filter__label" }, word(name)), list);
      if (values.length <= SHOWN) return group;
      const more = node("button", { class: "gk-filter__more", type: "button" });
      const tell = () => {
        const isWide = wide.has(name);
        empty(more).append(word(isWide ? "fewer" : "more", { n: values.length }),
          node("span", { class: "gk-unseen" }, word("moreOf", { name: word(name) })));
        more.setAttribute("aria-expanded", String(isWide));
      };
      more.addEventListener("click", () => {
        if (wide.has(name)) wide.delete(name);
        else wide.add(name);
        Array.from(list.children).forEach((item, at) => {
          item.hidden = at >= SHOWN && !wide.has(name) && !item.querySelector("input").checked;
        });
        tell();
      });
      tell();
      group.append(more);
      return group;
    }

    function facets(counted, filters, labelOf, wide) {
      const groups = [];
      FACETS.forEach((name) => {
        const known = new Set(counted[name].map(([code]) => code));
        const lost = filters[name].filter((code) => !known.has(code)).map((code) => [code, labelOf(name, code), 0]);
        const all = lost.concat(counted[name]);
        if (all.length > 1 || filters[name].length) groups.push(facet(name, all, filters[name], wide));
      });
      return groups.length ? groups : [node("p", { class: "gk-filters__wait" }, word("noFacets"))];
    }

    // Help where nothing is found; about(q) is the address of the results of another query

    // One sentence: which words lead to something by themselves, each a link to it, and which do not.
    function wordsSaid(words, about) {
      const parts = { found: [], lost: [] };
      words.forEach(({ text, found }) => {
        const told = found ? parts.found : parts.lost;
        const name = found ? node("a", { href: about(text), "data-query": text }, text) : node("strong", {}, text);
        const [before, after] = word("quoted").split("{word}");
        told.push(...(told.length ? [word("stop")] : []), before, name, after || "");
      });
      const key = !parts.lost.length ? "wordsFound" : !parts.found.length ? "wordsLost" : "wordsBoth";
      const line = node("li", {});
      word(key).split(/\{(found|lost)\}/).forEach((piece, at) => line.append(...(at % 2 ? parts[piece] : [piece])));
      return line;
    }

    function help(answer, about) {
      const lines = [];
      if (answer.excludedOnly) lines.push(node("li", {}, word("excluded")));
      if (answer.words.length > 1) lines.push(wordsSaid(answer.words, about));
      if (answer.hidden) lines.push(node("li", {}, word("hidden", { n: answer.hidden })));
      return lines;
    }

    return { word, hit, pager, chips, facets, help };
  }

  self.gongkaiView = { FACETS, view, stretches, empty };
})();
