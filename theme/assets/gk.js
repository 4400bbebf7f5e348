// What every page gains from a script: text size, printing, copying the address, the "/" key.
(function () {
  "use strict";

  const SIZES = ["small", "medium", "large"];
  const root = document.documentElement;

  function remembered() {
    try {
      return localStorage.getItem("gk-size");
    } catch (error) {
      return null;
    }
  }

  function remember(size) {
    try {
      localStorage.setItem("gk-size", size);
    } catch (error) {
      // a browser that keeps nothing still changes this page
    }
  }

  function setSize(size) {
    SIZES.forEach((name) => root.classList.toggle("gk-size--" + name, name === size));
    document.querySelectorAll("[data-gk-size]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.gkSize === size));
    });
  }

  function offerSizes() {
    const size = remembered();
    setSize(SIZES.includes(size) ? size : "medium");
    document.querySelectorAll("[data-gk-size]").forEach((button) => {
      button.addEventListener("click", () => {
        setSize(button.dataset.gkSize);
        remember(button.dataset.gkSize);
      });
    });
  }

  function offerPrint() {
    document.querySelectorAll("[data-gk-print]").forEach((button) => {
      button.addEventListener("click", () => window.print());
    });
  }

  // Where the clipboard is closed (plain http, file://), the old way still works.
  function copyText(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const box = document.createElement("textarea");
    box.className = "gk-unseen";
    box.value = text;
    document.body.append(box);
    box.select();
    const copied = document.execCommand("copy");
    box.remove();
    return copied ? Promise.resolve() : Promise.reject(new Error("copy"));
  }

  function offerCopy() {
    document.querySelectorAll("[data-gk-copy]").forEach((button) => {
      const said = button.parentElement.querySelector("[data-gk-said]");
      const say = (words) => {
        said.textContent = words;
        setTimeout(() => { said.textContent = ""; }, 4000);
      };
      button.addEventListener("click", () => {
        const address = location.href.split("#")[0];
        copyText(address).then(() => say(button.dataset.done), () => say(button.dataset.failed))
          .then(() => button.focus());
      });
    });
  }

  // What a reader looked for in vain goes along to the pages on applying, in this tab of this browser alone.
  function carryWords() {
    const kept = "gk-about";
    const places = document.querySelectorAll("[data-gk-about]");
    if (!places.length) return;
    const handed = new URLSearchParams(location.hash.slice(1)).get("about")
      || new URLSearchParams(location.search).get("about");
    // whole characters: half of one could not be written into an address
    const whole = (text) => Array.from(text.trim()).slice(0, 100).filter((c) => !/^[\ud800-\udfff]$/.test(c)).join("");
    let about = whole(handed || "");
    try {
      if (about) sessionStorage.setItem(kept, about);
      else about = whole(sessionStorage.getItem(kept) || "");
    } catch (error) {
      // a browser that keeps nothing still shows what this page was handed
    }
    if (!about) return;
    document.querySelectorAll(".gk-page a[href]").forEach((link) => {
      if (/(^|\/)apply\.html$/.test(link.getAttribute("href"))) link.hash = "about=" + encodeURIComponent(about);
    });
    places.forEach((place) => {
      const said = place.querySelector("[data-gk-said]");
      place.querySelector("[data-gk-about-words]").textContent = about;
      place.querySelector("[data-gk-about-copy]").addEventListener("click", () => {
        copyText(about).then(() => place.dataset.done, () => place.dataset.failed)
          .then((words) => { said.textContent = words; });
      });
      place.querySelector("[data-gk-about-forget]").addEventListener("click", () => {
        try {
          sessionStorage.removeItem(kept);
          history.replaceState(null, "", location.pathname);
        } catch (error) {
          // nothing was kept
        }
        place.hidden = true;
      });
      place.hidden = false;
    });
  }

  function showTools() {
    document.querySelectorAll("[data-gk-tools]").forEach((tools) => { tools.hidden = false; });
  }

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  function listenForSlash() {
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const input = document.getElementById("gk-query") || document.getElementById("gk-find");
      if (!input) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
  }

  function nameOfTable(table) {
    const caption = table.querySelector("caption");
    let before = table.previousElementSibling;
    while (before && !/^H[1-6]$/.test(before.tagName)) before = before.previousElementSibling;
    const part = table.closest(".gk-part");
    const name = caption || before || table.querySelector("th") || (part && part.querySelector("h2"))
      || document.querySelector("h1");
    return name ? name.textContent.trim() : "";
  }

  // Tables inside a text get the scrolling box that tables from fields have already.
  function boxTables() {
    const used = new Map();
    document.querySelectorAll(".gk-prose table").forEach((table) => {
      if (table.closest("[role=region]")) return;
      const box = document.createElement("div");
      box.className = "gk-table__box";
      box.tabIndex = 0;
      const name = nameOfTable(table);
      if (name) {
        const times = (used.get(name) || 0) + 1;
        used.set(name, times);
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", times > 1 ? name + " " + times : name);
      }
      table.replaceWith(box);
      box.append(table);
    });
  }

  // A box is a stop for the keyboard, and a place of its own, only while it has something to scroll.
  function keepStopsThatScroll() {
    const boxes = [...document.querySelectorAll(".gk-table__box[tabindex]")];
    const names = new Map(boxes.map((box) => [box, box.getAttribute("aria-label")]));
    const look = () => boxes.forEach((box) => {
      const scrolls = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
      if (scrolls) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        if (names.get(box)) box.setAttribute("aria-label", names.get(box));
        return;
      }
      box.removeAttribute("tabindex");
      if (!box.querySelector("caption")) return;  // the box names the table
      box.removeAttribute("role");
      box.removeAttribute("aria-label");
    });
    look();
    window.addEventListener("resize", look);
    document.addEventListener("toggle", look, true);
    document.addEventListener("click", (event) => { if (event.target.closest("[data-gk-size]")) look(); });
  }

  // Years run to the right: the latest are seen first.
  function beginWithTheLatest() {
    document.querySelectorAll(".gk-table--series .gk-table__box, .gk-reports .gk-table--years .gk-table__box")
      .forEach((box) => { box.scrollLeft = box.scrollWidth; });
  }

  // Paper shows what is folded away on the screen; browsers that do so by style alone lose nothing.
  function unfoldOnPaper() {
    let unfolded = [];
    window.addEventListener("beforeprint", () => {
      unfolded = [...document.querySelectorAll("details[data-gk-printed]:not([open])")];
      unfolded.forEach((part) => { part.open = true; });
    });
    window.addEventListener("afterprint", () => {
      unfolded.forEach((part) => { part.open = false; });
      unfolded = [];
    });
  }

  // The crumbs of an agency lead to its level on the front page: choose that level there.
  function followLevel() {
    const level = location.hash.startsWith("#level-") && document.getElementById(location.hash.slice(1));
    if (level && level.type === "radio") level.checked = true;
  }

  // What compares a page with the publication log is fetched for readers who want to know.
  function fetchProof() {
    const box = document.querySelector("[data-gk-proof][data-script]");
    const more = box && box.querySelector("[data-gk-proof-more]");
    if (!more) return;
    let isAsked = false;
    const look = () => {
      if (!more.open || isAsked) return;
      isAsked = true;
      const script = document.createElement("script");
      script.src = box.dataset.script;
      // asked for again when the box is opened again
      script.addEventListener("error", () => { isAsked = false; script.remove(); });
      document.body.append(script);
    };
    more.addEventListener("toggle", look);
    look();
  }

  function makeCodeReachable() {
    document.querySelectorAll(".gk-prose pre").forEach((code) => { code.tabIndex = 0; });
  }

  root.classList.remove("no-js");
  root.classList.add("js");
  showTools();
  offerSizes();
  offerPrint();
  offerCopy();
  carryWords();
  listenForSlash();
  boxTables();
  keepStopsThatScroll();
  beginWithTheLatest();
  makeCodeReachable();
  unfoldOnPaper();
  fetchProof();
  followLevel();
  window.addEventListener("hashchange", followLevel);
})();
