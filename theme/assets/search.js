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
  const isOnDisk = location.protocol === "file:";  // where a page cannot read another
  const WIDE = window.matchMedia("(min-width: 60em)");

  const part = (name) => page.querySelector("[data-gk-" + name + "]");
  const [form, said, failed, wrong, retry, found, tips] =
    ["form", "said", "error", "wrong", "retry", "found", "tips"].map(part);
  const [area, heading, count, order, list, pager] =
    ["area", "heading", "count", "order", "results", "pager"].map(part);
  const [none, help, meant, suggestion, drop, clear] =
    ["none", "help", "meant", "suggestion", "drop", "clear"].map(part);
  const [chips, filters, facets, facetsWait, chosen, see, apply] =
    ["chips", "filters", "facets", "facets-wait", "chosen", "see", "apply"].map(part);
  const input = form.elements.q;
  const orders = Array.from(order.querySelectorAll("input"));
  const title = document.title;

  const labels = new Map();  // "agency:mzj" → the name that readers know
  const widened = new Set();
  const now = { state: null, turn: 0, answered: "", marks: [], counted: "", facetTurn: 0 };

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
  const labelOf = (name, code) => labels.get(name + ":" + code)
    || (name === "year" ? word("yearOf", { year: code }) : code);

  // From a file some browsers keep the address as it is; the results do not depend on it
  function remember(how, kept, address) {
    try {
      history[how](kept, "", address);
    } catch (error) {
      history[how](kept, "");
    }
  }

  // Other pages hand their words over behind "#", which no server sees
  function takeOver() {
    const handed = new URLSearchParams(location.hash.slice(1));
    const asked = new URLSearchParams(location.search);
    const mayGo = handed.get("go") === "1" || asked.get("go") === "1";
    if (!handed.get("q") && !mayGo) return false;
    if (handed.get("q")) asked.set("q", handed.get("q"));
    asked.delete("go");
    remember("replaceState", history.state, location.pathname + "?" + asked);
    return mayGo;
  }

  // The place on the page belongs to the entry of the history

  let noting = 0;

  function notePlace() {
    clearTimeout(noting);
    history.replaceState({ scroll: window.scrollY }, "");
  }

  function notePlaceSoon() {
    clearTimeout(noting);
    noting = setTimeout(notePlace, 200);
  }

  // Asking

  function showBusy(turn) {
    area.setAttribute("aria-busy", "true");
    said.textContent = "";  // the same words said again are news
    setTimeout(() => {
      if (turn !== now.turn || area.getAttribute("aria-busy") !== "true") return;
      if (now.answered !== now.state.q) clearAnswer();
      found.hidden = false;
      count.textContent = word("loading");
      said.textContent = word("loading");
    }, SLOW);
  }

  function fillForm(state) {
    if (input.value.trim() !== state.q) input.value = state.q;
    orders.forEach((choice) => { choice.checked = choice.value === state.order; });
    if (state.q) heading.textContent = word("resultsOf", { q: state.q });
    clear.hidden = addressOf(state) === location.pathname;
    document.title = state.q ? state.q + " - " + title : title;
  }

  function clearAnswer() {
    [list, pager].forEach(empty);
    [none, meant, order].forEach((each) => { each.hidden = true; });
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
      if (!url) return answering.search(Object.assign(question, { from: (state.page - 1) * SIZE, size: SIZE }));
      if (now.state === state) location.replace(ROOT + url);
      return null;
    }));
  }

  // after: {focus: true} and {scroll: 300} once the results stand; {mayGo: true} where the one document
  // that the query names is wanted rather than results
  function ask(state, after) {
    now.turn += 1;
    const turn = now.turn;
    now.state = state;
    fillForm(state);
    showChips();
    if (!state.q) return Promise.resolve(showStart());
    failed.hidden = true;
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
      settle(after);
      if (filters.open || needsLabels()) showFacets();
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
    if (after.focus) {
      heading.focus({ preventScroll: true });
      const { top } = heading.getBoundingClientRect();
      if (top < 0 || top > window.innerHeight * 0.6) heading.scrollIntoView();
    }
    if (typeof after.scroll === "number") window.scrollTo(0, after.scroll);
    notePlace();
  }

  function showAnswer(answer, state, last) {
    area.setAttribute("aria-busy", "false");
    found.hidden = false;
    now.answered = state.q;
    now.marks = answer.marks;
    const facts = { n: answer.total, page: state.page, last };
    const isCut = answer.total > PAGES * SIZE;
    const total = word(answer.isLower ? "least" : "total", facts) + (isCut ? word("cut", { n: PAGES * SIZE }) : "");
    const isNone = !answer.hits.length;
    count.textContent = isNone ? "" : answer.isPartial ? word("partial", facts) : total;
    said.textContent = isNone ? word("none") : word("said", { total: count.textContent, page: state.page });
    order.hidden = answer.total < 2;
    empty(list).append(...answer.hits.map((hit) => draw.hit(hit, answer.marks, isOnDisk ? null : contextOf)));
    list.hidden = isNone;
    empty(pager);
    if (last > 1) {
      const toPage = (number) => addressOf(Object.assign({}, state, { page: number }));
      pager.append(draw.pager(state.page, last, word("state", { total, page: state.page, last }), toPage));
    }
    meant.hidden = !answer.suggestion;
    if (answer.suggestion) showLink(suggestion, answer.suggestion);
    none.hidden = !isNone;
    filters.hidden = isNone && !hasFilters(state);
    if (isNone) showHelp(answer, state);
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
    apply.href = page.dataset.apply + "#" + new URLSearchParams([["about", state.q]]);
  }

  function showFailure(error) {
    const isOld = Boolean(error && error.kind === "version");
    area.setAttribute("aria-busy", "false");
    found.hidden = true;
    clearAnswer();
    said.textContent = "";
    wrong.textContent = word(isOld ? "renewed" : "error");
    retry.textContent = word(isOld ? "reload" : "retry");
    retry.onclick = () => {
      if (isOld) location.reload();
      else ask(now.state, { focus: true });
    };
    failed.hidden = false;
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

  function placeFilters() {
    const isBeside = WIDE.matches && !isSlow();
    found.classList.toggle("gk-found--beside", isBeside);
    filters.open = isBeside;
  }

  const hasResults = () => !found.hidden && area.getAttribute("aria-busy") === "false";
  const needsLabels = () => hasFilters(now.state)
    && FACETS.some((name) => now.state.filters[name].some((code) => !labels.has(name + ":" + code)));

  function showFacets() {
    const { q, filters: chosenOnes } = now.state;
    const wanted = JSON.stringify([q, chosenOnes]);
    if (filters.hidden || wanted === now.counted) return;
    now.facetTurn += 1;
    const turn = now.facetTurn;
    facetsWait.hidden = Boolean(facets.children.length);
    engine().then((answering) => answering.facets({ q, filters: chosenOnes })).then((counted) => {
      if (turn !== now.facetTurn) return;
      now.counted = wanted;
      drawFacets(readable(counted));
      showChips();
    }).catch(() => {
      if (turn !== now.facetTurn) return;
      now.counted = "";
      const again = document.createElement("button");
      again.type = "button";
      again.className = "gk-button gk-button--quiet";
      again.textContent = word("retry");
      again.addEventListener("click", showFacets);
      empty(facets).append(word("facetsError"), " ", again);
    }).then(() => { if (turn === now.facetTurn) facetsWait.hidden = true; });
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
    const key = facets.contains(at) && at.name ? [at.name, at.value] : null;
    empty(facets).append(...draw.facets(counted, now.state.filters, labelOf, widened));
    if (!key) return;
    const same = Array.from(facets.querySelectorAll("input"))
      .find((box) => box.name === key[0] && box.value === key[1]);
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
  filters.addEventListener("toggle", () => { if (filters.open && hasResults()) showFacets(); });

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
    ask(state, { scroll: (kept && kept.scroll) || 0 });
  });
  if (WIDE.addEventListener) WIDE.addEventListener("change", placeFilters);

  // The first question

  history.scrollRestoration = "manual";
  placeFilters();
  const mayGo = takeOver();
  ask(readAddress(), { mayGo, scroll: history.state ? history.state.scroll : null });
})();
