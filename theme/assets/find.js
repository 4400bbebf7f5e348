// The search box of every page: suggestions while one types, and the engine, loaded when first asked for.
(function () {
  "use strict";

  const METHODS = ["open", "search", "suggest", "facets", "exact", "context"];
  const PAUSE = 180;
  const MOST = 8;
  const HAN = /[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ud840-\ud888]/;

  const header = document.querySelector("[data-gk-find]");
  // pages stand at different depths; the form knows the way to the results page
  const results = new URL(header.getAttribute("action"), location.href);
  const base = new URL(".", results).href;
  const root = new URL("../", base).href;
  const script = base + "engine.js";

  // The engine

  // The manifest travels while the worker's script does; the worker asks again if that came to nothing.
  function manifest() {
    return fetch(base + "manifest.json", { cache: "no-cache" })
      .then((answer) => (answer.ok ? answer.text() : ""), () => "");
  }

  function inWorker() {
    return new Promise((resolve, reject) => {
      const early = manifest();
      const worker = new Worker(script);
      const waiting = new Map();
      let last = 0;
      const ask = (method) => (...args) => new Promise((done, failed) => {
        last += 1;
        waiting.set(last, { done, failed });
        worker.postMessage({ id: last, method, args });
      });
      worker.addEventListener("message", ({ data }) => {
        const asked = waiting.get(data.id);
        if (!asked) return;
        waiting.delete(data.id);
        if (data.error) asked.failed(data.error);
        else asked.done(data.result);
      });
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        worker.terminate();
        loading = null;
        reject({ kind: "worker" });
        waiting.forEach((asked) => asked.failed({ kind: "load", file: script }));
        waiting.clear();
      });
      const engine = {};
      METHODS.forEach((method) => { engine[method] = ask(method); });
      early.then(engine.open).then(() => resolve(engine), (error) => {
        worker.terminate();
        reject(error);
      });
    });
  }

  function loadScript() {
    return new Promise((resolve, reject) => {
      if (self.gongkaiSearch) return resolve();
      const element = document.createElement("script");
      element.src = script;
      element.addEventListener("load", () => resolve());
      element.addEventListener("error", () => {
        element.remove();
        reject({ kind: "load", file: script });
      });
      return document.head.append(element);
    });
  }

  function onPage() {
    return loadScript().then(() => {
      const engine = self.gongkaiSearch.create({ base });
      return engine.open().then(() => engine);
    });
  }

  function start() {
    if (location.protocol === "file:" || !self.Worker) return onPage();
    return inWorker().catch((error) => {
      if (error && (error.kind === "load" || error.kind === "version")) throw error;
      return onPage();
    });
  }

  let loading = null;

  // A failure is not kept: whoever asks again tries again.
  function engine() {
    if (!loading) {
      const started = start();
      loading = started;
      started.catch(() => { if (loading === started) loading = null; });
    }
    return loading;
  }

  // The box

  function wantsLittleData() {
    return Boolean(navigator.connection && navigator.connection.saveData);
  }

  function isEnough(text) {
    return HAN.test(text) || Array.from(text).length > 1;
  }

  function piece(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  // seeAll(text) leads to the results of a text; returned is what the box knows about a text:
  // the address of the one document that it identifies, "" if it identifies none, null if not known.
  function offerSuggestions(form, seeAll) {
    const box = form.querySelector("[data-gk-combo]");
    const input = box.querySelector("input");
    const list = box.querySelector("[role=listbox]");
    const told = box.querySelector("[data-gk-find-told]");
    const words = box.dataset;
    const now = { turn: 0, at: -1, options: [], timer: 0, isComposing: false, text: null, exact: "" };

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);

    const typed = () => input.value.trim();

    function choose(at) {
      now.at = at;
      now.options.forEach((option, number) => {
        option.element.setAttribute("aria-selected", String(number === at));
      });
      if (at < 0) return input.removeAttribute("aria-activedescendant");
      const { element } = now.options[at];
      input.setAttribute("aria-activedescendant", element.id);
      return element.scrollIntoView({ block: "nearest" });
    }

    function close() {
      clearTimeout(now.timer);
      now.turn += 1;
      choose(-1);
      now.options = [];
      list.hidden = true;
      list.textContent = "";
      told.textContent = "";
      input.setAttribute("aria-expanded", "false");
    }

    function add(address, isExact, ...parts) {
      const element = document.createElement("li");
      const at = now.options.length;
      element.id = list.id + "-" + at;
      element.className = "gk-combo__option";
      element.setAttribute("role", "option");
      element.setAttribute("aria-selected", "false");
      if (isExact) element.append(piece("span", "gk-tag gk-tag--exact", words.wordExact), " ");
      element.append(...parts);
      now.options.push({ element, address });
      list.append(element);
    }

    function show(text, found) {
      close();
      const exact = found.filter((one) => one.isExact);
      now.text = text;
      now.exact = exact.length === 1 ? new URL(exact[0].url, root).href : "";
      if (!found.length) return;
      exact.concat(found.filter((one) => !one.isExact)).forEach((one) => {
        const number = one.document_number || one.index || "";
        const parts = [piece("span", "gk-combo__title", one.title)];
        if (number) parts.push(" ", piece("span", "gk-combo__number", number));
        if (one.validity) parts.push(" ", piece("span", "gk-tag", one.validity));
        add(new URL(one.url, root).href, one.isExact, ...parts);
      });
      // where Enter goes straight to a document, the results need a way of their own
      if (now.exact) add("", false, piece("span", "gk-combo__all", words.wordAll.replace("{q}", () => text)));
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      const hasKeys = window.matchMedia("(pointer: fine)").matches;
      told.textContent = (hasKeys ? words.wordSaid : words.wordSaidTouch).replace("{n}", String(now.options.length));
    }

    function ask() {
      const text = typed();
      if (!isEnough(text)) return close();
      now.turn += 1;
      const turn = now.turn;
      return engine().then((found) => found.suggest(text, MOST)).then((found) => {
        if (turn === now.turn && document.activeElement === input) show(text, found);
      }).catch(() => {  // suggestions are a help; the results page tells what failed
        if (turn === now.turn) close();
      });
    }

    function askSoon() {
      clearTimeout(now.timer);
      if (now.isComposing || wantsLittleData()) return;
      if (!isEnough(typed())) close();
      else now.timer = setTimeout(ask, PAUSE);
    }

    function open(option) {
      const text = typed();
      close();
      if (option.address) location.assign(option.address);
      else seeAll(text);
    }

    input.addEventListener("input", askSoon);
    input.addEventListener("compositionstart", () => { now.isComposing = true; });
    input.addEventListener("compositionend", () => {
      now.isComposing = false;
      askSoon();
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || now.isComposing || event.keyCode === 229) return;
      const count = now.options.length;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!count) {
          if (event.key === "ArrowDown" && !wantsLittleData()) ask();
          return;
        }
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        choose(((now.at + 1 + step + count + 1) % (count + 1)) - 1);
      } else if (event.key === "Escape" && count) {
        event.preventDefault();
        close();
      } else if (event.key === "Enter" && now.at >= 0) {
        event.preventDefault();
        open(now.options[now.at]);
      }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());  // the field keeps the focus
    list.addEventListener("click", (event) => {
      const option = now.options.find(({ element }) => element.contains(event.target));
      if (option) open(option);
    });
    input.addEventListener("blur", close);
    window.addEventListener("pagehide", close);
    form.addEventListener("submit", close);

    return (text) => (now.text === text ? now.exact : null);
  }

  // Behind "#" the words stay in the browser; the results page puts them into its own address.
  function seeResults(text, mayGo) {
    const asked = new URLSearchParams();
    asked.set("q", text);
    if (mayGo) asked.set("go", "1");
    location.assign(results.href + "#" + asked);
  }

  const exactOf = offerSuggestions(header, (text) => seeResults(text, false));
  header.addEventListener("submit", (event) => {
    const text = header.elements.q.value.trim();
    if (!text) return;
    event.preventDefault();
    const exact = exactOf(text);
    if (exact) location.assign(exact);
    else seeResults(text, exact === null && /\d/.test(text.normalize("NFKC")));
  });

  self.gongkaiFind = { engine, offerSuggestions, wantsLittleData };
})();
