// The results page: its address says what is asked, the engine answers, assets/search-view.js draws.
(function () {
  "use strict";

  const page = document.querySelector("[data-gk-search]");
  if (!page) return;
  const { engine, offerSuggestions, wantsLittleData } = self.gongkaiFind;
  const { FACETS, view, empty } = self.gongkaiView;
  const ROOT = "../";
  const draw = view(page, ROOT);
  const { word } = draw;
  const SIZE = 10;
  const LONGEST = 100;
  const PAGES = 100;  // whoever reads on for longer is helped better by filters
  const SLOW = 400;  // until then "searching" is not worth a word
  const SLOWER = 6000;  // from then on one would think that nothing happens
  const ROOM = 200;  // below the heading of the results: how many there are, and a first one
  const isOnDisk = location.protocol === "file:";  // where a page cannot read another
  const WIDE = window.matchMedia("(min-width: 60em)");

  const part = (name) => page.querySelector("[data-gk-" + name + "]");
  const [form, said, failed, wrong, retry, found, tips] =
    ["form", "said", "error", "wrong", "retry", "found", "tips"].map(part);
  const [area, heading, count, order, pager, lost, weak, others] =
    ["area", "heading", "count", "order", "pager", "lost", "weak", "else"].map(part);
  const [none, help, meant, suggestion, drop, clear] =
    ["none", "help", "meant", "suggestion", "drop", "clear"].map(part);
  const [chips, filters, facets, facetsWait, chosen, see] =
    ["chips", "filters", "facets", "facets-wait", "chosen", "see"].map(part);
  const every = (name) => Array.from(page.querySelectorAll("[data-gk-" + name + "]"));
  const [list, rest] = every("results");  // hits with all of the words, then those with some of them
  const input = form.elements.q;
  const orders = Array.from(order.querySelectorAll("input"));
  const title = document.title;

  const labels = new Map();  // "agency:mzj" → the name that readers know
  const widened = new Set();
  const now = {
    state: null, turn: 0, answered: "", marks: [], isNamed: false,
    counted: "", counting: null, facetTurn: 0,
  };

  // What is asked, and its address

  function nothing() {
    const unfiltered = {};
    FACETS.forEach((name) => { unfiltered[name] = []; });
    return { q: "", filters: unfiltered, order: "score", page: 1 };
  }

  function readAddress() {
    const asked = new URLSearchParams(location.search);
    const state = nothing();
    state.q = (asked.get("q") || "").trim().slice(0, LONGEST);
    FACETS.forEach((name) => {
      state.filters[name] = Array.from(new Set(asked.getAll(name).filter(Boolean))).slice(0, 50);
    });
    if (asked.get("order") === "time") state.order = "time";
    const number = Number(asked.get("page"));
    if (Number.isInteger(number) && number > 1) state.page = number;
    return state;
  }

  function addressOf(state) {
    const asked = new URLSearchParams();
    if (state.q) asked.set("q", state.q);
    FACETS.forEach((name) => state.filters[name].forEach((code) => asked.append(name, code)));
    if (state.order === "time") asked.set("order", "time");
    if (state.page > 1) asked.set("page", String(state.page));
    const query = asked.toString();
    return location.pathname + (query ? "?" + query : "");
  }

  const changed = (changes) => Object.assign({}, now.state, { page: 1 }, changes);
  const hasFilters = (state) => FACETS.some((name) => state.filters[name].length);
  const countOfFilters = (state) => FACETS.reduce((sum, name) => sum + state.filters[name].length, 0);

  // An address may name codes that the site does not have; a reader never sees a code.
  function labelOf(name, code) {
    const label = labels.get(name + ":" + code);
    if (label) return label;
    if (name === "year" && /^\d{4}$/.test(code)) return word("yearOf", { year: code });
    return now.isNamed ? word("unnamed") : "\u2026";
  }

  // From a file some browsers keep the address as it is; the results do not depend on it
  function remember(how, kept, address) {
    try {
      history[how](kept, "", address);
    } catch (error) {
      history[how](kept, "");
    }
  }

  // Other pages hand their words over behind "#", which no server sees
  function takeOver(search) {
    const handed = new URLSearchParams(location.hash.slice(1));
    const asked = new URLSearchParams(search);
    const mayGo = handed.get("go") === "1" || asked.get("go") === "1";
    if (!handed.get("q") && !mayGo) return false;
    if (handed.get("q")) asked.set("q", handed.get("q"));
    asked.delete("go");
    remember("replaceState", history.state, location.pathname + "?" + asked);
    return mayGo;
  }

  // The place on the page belongs to the entry of the history, and whether the filters are open

  let noting = 0;

  function notePlace() {
    clearTimeout(noting);
    history.replaceState({ scroll: window.scrollY, open: filters.open }, "");
  }

  function notePlaceSoon() {
    clearTimeout(noting);
    noting = setTimeout(notePlace, 200);
  }

  // Asking

  function showBusy(turn) {
    area.setAttribute("aria-busy", "true");
    said.textContent = "";  // the same words said again are news
    const tell = (key) => {
      if (turn !== now.turn || area.getAttribute("aria-busy") !== "true") return;
      if (now.answered !== now.state.q) clearAnswer();
      found.hidden = false;
      count.textContent = word(key);
      said.textContent = word(key);
    };
    setTimeout(tell, SLOW, "loading");
    setTimeout(tell, SLOWER, "slow");
  }

  function fillForm(state) {
    if (input.value.trim() !== state.q) input.value = state.q;
    orders.forEach((choice) => { choice.checked = choice.value === state.order; });
    if (state.q) heading.textContent = word("resultsOf", { q: state.q });
    clear.hidden = addressOf(state) === location.pathname;
    document.title = state.q ? state.q + " - " + title : title;
  }

  function clearAnswer() {
    [list, rest, pager].forEach(empty);
    [none, meant, order, lost, weak, rest, others].forEach((each) => { each.hidden = true; });
  }

  function showStart() {
    area.setAttribute("aria-busy", "false");
    said.textContent = "";
    [failed, found].forEach((each) => { each.hidden = true; });
    clearAnswer();
    tips.hidden = false;
  }

  // Nothing is answered where the query is the number of one document and its reader wants to go there.
  function answerTo(state, mayGo) {
    const question = { q: state.q, filters: state.filters, order: state.order };
    return engine().then((answering) => Promise.resolve(mayGo ? answering.exact(state.q) : null).then((url) => {
      if (!url) {
        learnNames(answering);
        return answering.search(Object.assign(question, { from: (state.page - 1) * SIZE, size: SIZE }));
      }
      if (now.state === state) location.replace(ROOT + url);
      return null;
    }));
  }

  // What the codes of all filters are called, once
  function learnNames(answering) {
    if (now.isNamed) return;
    answering.open().then(({ labels: named }) => {
      if (!named) return;
      FACETS.filter((name) => name !== "year" && named[name]).forEach((name) => {
        Object.keys(named[name]).forEach((code) => labels.set(name + ":" + code, named[name][code]));
      });
      now.isNamed = true;
      showChips();
    }).catch(() => {});  // the search itself tells what failed
  }

  // after: {focus: true}, {scroll: 300} and {isNew: true} once the results stand; {mayGo: true} where the
  // one document that the query names is wanted rather than results; {isAgain: true} after a failure,
  // whose button keeps the focus
  function ask(state, after) {
    now.turn += 1;
    const turn = now.turn;
    now.state = state;
    fillForm(state);
    showChips();
    if (!state.q) return Promise.resolve(showStart());
    failed.hidden = !after.isAgain;
    if (after.isAgain) wrong.textContent = word("loading");
    tips.hidden = true;
    showBusy(turn);
    return answerTo(state, after.mayGo).then((answer) => {
      if (turn !== now.turn || !answer) return;
      const last = Math.min(PAGES, Math.max(1, Math.ceil(answer.total / SIZE)));
      if (state.page > 1 && !answer.hits.length) {
        go(Object.assign({}, state, { page: Math.min(last, state.page - 1) }), after, "replace");
        return;
      }
      showAnswer(answer, state, last);
      const counted = filters.open ? showFacets() : null;
      // above the results, filters move them
      const isMoved = counted && typeof after.scroll === "number" && !isBeside();
      if (!isMoved) settle(after);
      else counted.then(() => { if (turn === now.turn) settle(after); });
    }).catch((error) => {
      if (turn === now.turn) showFailure(error);
    });
  }

  function go(state, after, how) {
    if (how === "replace" || addressOf(state) === addressOf(now.state)) {
      remember("replaceState", history.state, addressOf(state));
    } else {
      notePlace();
      remember("pushState", null, addressOf(state));
    }
    return ask(state, after);
  }

  // Showing

  function settle(after) {
    if (after.focus) heading.focus({ preventScroll: true });
    if (after.focus || after.isNew) {
      const { top } = heading.getBoundingClientRect();
      const { innerHeight } = window;
      if (top < 0 || top > Math.min(innerHeight * 0.6, innerHeight - ROOM)) heading.scrollIntoView();
    }
    if (typeof after.scroll === "number") window.scrollTo(0, after.scroll);
    notePlace();
  }

  function showAnswer(answer, state, last) {
    area.setAttribute("aria-busy", "false");
    failed.hidden = true;
    found.hidden = false;
    now.answered = state.q;
    now.marks = answer.marks;
    const isNone = !answer.hits.length;
    const how = howFound(answer);
    const total = word(sizeOf(answer), { n: answer.total });
    count.textContent = isNone ? "" : countOf(answer, how);
    said.textContent = saidOf(answer, state);
    order.hidden = answer.total < 2;
    showHits(answer.hits, answer.marks, how);
    lost.hidden = !answer.missing;
    lost.textContent = answer.missing ? word("lost", { text: answer.missing }) : "";
    others.hidden = isNone || (how === "whole" && !answer.missing);
    every("apply").forEach((link) => {
      link.href = page.dataset.apply + "#" + new URLSearchParams([["about", state.q]]);
    });
    empty(pager);
    if (last > 1) {
      const toPage = (number) => addressOf(Object.assign({}, state, { page: number }));
      const listed = answer.isLower || how === "whole" ? total + cutOf(answer) : word("listed", {
        n: Math.min(answer.total, PAGES * SIZE) });
      pager.append(draw.pager(state.page, last, word("state", { total: listed, page: state.page, last }), toPage));
    }
    meant.hidden = !answer.suggestion;
    if (answer.suggestion) showLink(suggestion, answer.suggestion);
    none.hidden = !isNone;
    filters.hidden = isNone && !hasFilters(state);
    if (isNone) showHelp(answer, state);
  }

  // What the hits have of the query: "partial" and "loose" none of it all; "mixed" some all, some a part.
  function howFound({ total, full, isPartial, isLoose }) {
    if (isPartial) return "partial";
    if (isLoose) return "loose";
    if (full === undefined || full >= total) return "whole";
    return full ? "mixed" : "partial";
  }

  // Hits of a quoted phrase that nobody has looked at may fall away: "about", and never "at least".
  const sizeOf = ({ isAbout, isLower }) => (isAbout ? "about" : isLower ? "least" : "total");

  const cutOf = ({ total }) => (total > PAGES * SIZE ? word("cut", { n: PAGES * SIZE }) : "");

  function countOf(answer, how) {
    const bound = (n) => (answer.isAbout ? word("roughly", { n }) : answer.isLower ? word("atLeast", { n }) : n);
    const whole = (n) => word(sizeOf(answer), { n });
    if (how === "whole") return whole(answer.total) + cutOf(answer);
    if (how !== "mixed") return word(how, { n: bound(answer.total) }) + cutOf(answer);
    return whole(answer.full) + word("rest", { n: bound(answer.total - answer.full) }) + cutOf(answer);
  }

  function saidOf(answer, state) {
    const number = countOfFilters(state);
    return (answer.missing ? word("lost", { text: answer.missing }) : "")
      + (answer.hits.length ? word("said", { total: count.textContent, page: state.page }) : word("none"))
      + (answer.suggestion ? word("saidMeant", { q: answer.suggestion }) : "")
      + (number ? word("saidFilters", { n: number }) : "");
  }

  function showHits(hits, marks, how) {
    const isApart = (hit) => how === "mixed" && Boolean(hit.isWeak);
    const drawn = (some) => some.map((hit) => draw.hit(hit, marks, isOnDisk ? null : contextOf));
    empty(list).append(...drawn(hits.filter((hit) => !isApart(hit))));
    empty(rest).append(...drawn(hits.filter(isApart)));
    list.hidden = !list.children.length;
    weak.hidden = !rest.children.length;
    rest.hidden = weak.hidden;
  }

  function showLink(link, q) {
    link.textContent = q;
    link.href = addressOf(changed({ q }));
    link.dataset.query = q;
  }

  function showHelp(answer, state) {
    empty(help).append(...draw.help(answer, (q) => addressOf(changed({ q }))));
    help.hidden = !help.children.length;
    drop.hidden = !(answer.hidden && hasFilters(state));
  }

  function showFailure(error) {
    const isOld = Boolean(error && error.kind === "version");
    const isLosing = found.contains(document.activeElement);
    area.setAttribute("aria-busy", "false");
    found.hidden = true;
    clearAnswer();
    said.textContent = "";
    wrong.textContent = word(isOld ? "renewed" : "error");
    retry.textContent = word(isOld ? "reload" : "retry");
    retry.onclick = () => {
      if (isOld) location.reload();
      else ask(now.state, { focus: true, isAgain: true });
    };
    failed.hidden = false;
    if (isLosing) retry.focus();
  }

  // Filters

  function showChips() {
    const number = countOfFilters(now.state);
    if (chips.contains(document.activeElement)) heading.focus({ preventScroll: true });  // the button goes
    empty(chips).append(...draw.chips(now.state.filters, labelOf));
    chips.hidden = !number;
    chosen.textContent = number ? word("chosen", { n: number }) : "";
  }

  // Beside the results they stand open; a phone and a slow or costly line open them by hand.
  function isSlow() {
    const line = navigator.connection;
    return wantsLittleData() || Boolean(line && /2g|3g/.test(line.effectiveType || ""));
  }

  // They are read and reached where they are seen: before the results on a phone, after them beside.
  function placeFilters() {
    const isWide = WIDE.matches && !isSlow();
    const isLosing = filters.contains(document.activeElement);
    found.classList.toggle("gk-found--beside", isWide);
    found.insertBefore(filters, isWide ? null : area);
    filters.open = isWide;
    if (isLosing) filters.querySelector("summary").focus({ preventScroll: true });
  }

  function reopenFilters(kept) {
    if (kept && typeof kept.open === "boolean") filters.open = kept.open;
  }

  const isBeside = () => found.classList.contains("gk-found--beside");
  const hasResults = () => !found.hidden && area.getAttribute("aria-busy") === "false";

  function showFacets() {
    const { q, filters: chosenOnes } = now.state;
    const wanted = JSON.stringify([q, chosenOnes]);
    if (filters.hidden || wanted === now.counted) return now.counting;
    now.facetTurn += 1;
    now.counted = wanted;
    const turn = now.facetTurn;
    facetsWait.hidden = Boolean(facets.children.length);
    now.counting = engine().then((answering) => answering.facets({ q, filters: chosenOnes })).then((counted) => {
      if (turn !== now.facetTurn) return;
      drawFacets(readable(counted));
      showChips();
    }).catch(() => {
      if (turn !== now.facetTurn) return;
      now.counted = "";
      const isLosing = facets.contains(document.activeElement);
      const again = document.createElement("button");
      again.type = "button";
      again.className = "gk-button gk-button--quiet";
      again.textContent = word("retry");
      again.addEventListener("click", showFacets);
      empty(facets).append(word("facetsError"), " ", again);
      if (isLosing) again.focus();
    }).then(() => { if (turn === now.facetTurn) facetsWait.hidden = true; });
    return now.counting;
  }

  // [code, label, count] of each facet: years read as years, long lists begin with what is found most.
  function readable(counted) {
    const made = {};
    FACETS.forEach((name) => {
      const values = (counted[name] || []).map(([code, label, number]) => [
        String(code), name === "year" ? word("yearOf", { year: label }) : label, number]);
      values.forEach(([code, label]) => labels.set(name + ":" + code, label));
      const places = new Map(values.map((value, at) => [value, at]));
      const byCount = (a, b) => b[2] - a[2] || places.get(a) - places.get(b);
      made[name] = name === "year" ? values : values.sort(byCount);
    });
    return made;
  }

  // Counts change with each choice; the box that was just ticked keeps the focus.
  function drawFacets(counted) {
    const at = document.activeElement;
    const isLosing = facets.contains(at);
    empty(facets).append(...draw.facets(counted, now.state.filters, labelOf, widened));
    if (!isLosing) return;
    const boxes = Array.from(facets.querySelectorAll("input"));
    const same = boxes.find((box) => box.name === at.name && box.value === at.value) || boxes[0];
    if (same) same.focus({ preventScroll: true });
  }

  function withFilter(name, code, isOn) {
    const others = now.state.filters[name].filter((each) => each !== code);
    return Object.assign({}, now.state.filters, { [name]: isOn ? others.concat(code) : others });
  }

  const dropAll = () => go(changed({ filters: nothing().filters }), { focus: true });

  // Where the words stand in the text

  function contextOf(hit) {
    return engine().then((answering) => answering.context(hit.card.url, now.marks));
  }

  // What the reader does

  function search(text) {
    const q = text.trim().slice(0, LONGEST);
    return q ? go(changed({ q }), { focus: true }) : go(nothing(), {});
  }

  offerSuggestions(form, search);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search(input.value);
  });
  clear.addEventListener("click", () => {
    go(nothing(), {});
    input.value = "";
    input.focus();
  });
  order.addEventListener("change", () => {
    const choice = orders.find((each) => each.checked);
    go(changed({ order: choice.value }), {});
  });
  facets.addEventListener("change", ({ target }) => {
    go(changed({ filters: withFilter(target.name, target.value, target.checked) }), {});
  });
  chips.addEventListener("click", ({ target }) => {
    const chip = target.closest("button");
    if (!chip) return;
    if ("drop" in chip.dataset) dropAll();
    else go(changed({ filters: withFilter(chip.dataset.facet, chip.dataset.code, false) }), { focus: true });
  });
  drop.addEventListener("click", dropAll);
  see.addEventListener("click", () => {
    filters.open = false;
    settle({ focus: true });
  });
  filters.addEventListener("toggle", () => {
    if (!hasResults()) return;
    if (filters.open) showFacets();
    notePlaceSoon();
  });

  // Links to other results stay on the page, unless the reader wants them elsewhere.
  area.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-page], a[data-query]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    if (link.dataset.page) go(Object.assign({}, now.state, { page: Number(link.dataset.page) }), { focus: true });
    else go(changed({ q: link.dataset.query }), { focus: true });
  });

  window.addEventListener("scroll", notePlaceSoon, { passive: true });
  window.addEventListener("popstate", ({ state: kept }) => {
    clearTimeout(noting);
    const state = readAddress();
    if (addressOf(state) === addressOf(now.state)) return;  // only the part behind "#" has changed
    reopenFilters(kept);
    ask(state, { scroll: (kept && kept.scroll) || 0 });
  });
  window.addEventListener("hashchange", () => {
    const mayGo = takeOver("");
    const state = readAddress();
    if (addressOf(state) !== addressOf(now.state)) ask(state, { mayGo, focus: true });
  });
  if (WIDE.addEventListener) WIDE.addEventListener("change", placeFilters);

  // The first question

  history.scrollRestoration = "manual";
  placeFilters();
  reopenFilters(history.state);
  const mayGo = takeOver(location.search);
  ask(readAddress(), { mayGo, isNew: !history.state, scroll: history.state ? history.state.scroll : null });
})();
