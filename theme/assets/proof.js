// Check this page against the publication log: what it shows, its record, and the log's tree.
(function () {
  "use strict";

  const box = document.querySelector("[data-gk-proof]");
  if (!box) return;

  const WORDS = {
    title: "标题",
    document_number: "文号",
    issued_on: "成文日期",
    published_on: "发布日期",
    text: "正文",
    sections: "正文各部分",
    tables: "表格数字",
    details: "其他文字",
    attachments: "附件和图片",
    same: "与登记的一致",
    changed: "与登记的不一致，可能被改动过",
    missing: "登记的内容在页面上找不到，可能被改动过：",
    more: "页面上有登记里没有的图片或附件：",
    unread: "没有取到文件，未能核对：",
    good: "核对无误：这个页面上列出的各项内容，与发布日志第{n}号登记的完全一致，登记之后没有被改动。",
    bad: "注意：这个页面与发布日志不一致，内容可能被改动过。请不要以本页内容为准，可向发布单位核实。",
    partly: "已核对的各项都与发布日志一致，但有文件没有取到，未能全部核对。",
    record: "登记的内容（记录）与日志第{n}号的承诺值不符：这份记录不是当时登记的那一份。",
    address: "这份记录登记的是另一个地址，不是本页。",
    damaged: "网站上的发布日志本身对不上（日志文件可能被改动过，或正在更新），请过几分钟再试。",
    failed: "没有取到发布日志，未能核对。直接打开文件、断网或者网站正在更新时不能核对，请过几分钟再试。",
    tree: "日志共{size}条，本条是第{n}条，与日志的总指纹相符。",
    limits: "浏览器没有核对：检查点的签名、页面的其他部分（导航、链接、相关文件等）、是否还有更新的版本，以及网站送来的核对程序本身。要全面核对，见帮助“发布日志”。",
    working: "正在核对……",
  };
  const say = (key, facts) => WORDS[key].replace(/\{(\w+)\}/g, (all, name) => facts[name]);

  // SHA-256 (FIPS 180-4): pages over plain http have none of their own
  const ROOTS = new Uint32Array(64);
  const START = new Uint32Array(8);
  (function () {
    const fraction = (value) => (value - Math.floor(value)) * 4294967296;
    let found = 0;
    for (let n = 2; found < 64; n += 1) {
      let isPrime = true;
      for (let d = 2; d * d <= n; d += 1) if (n % d === 0) isPrime = false;
      if (!isPrime) continue;
      if (found < 8) START[found] = fraction(Math.pow(n, 1 / 2));
      ROOTS[found] = fraction(Math.pow(n, 1 / 3));
      found += 1;
    }
  })();

  function sha256(bytes) {
    const state = START.slice();
    const words = new Uint32Array(64);
    const rest = bytes.length % 64;
    const tail = new Uint8Array(rest < 56 ? 64 : 128);
    tail.set(bytes.subarray(bytes.length - rest));
    tail[rest] = 128;
    const ends = new DataView(tail.buffer);
    ends.setUint32(tail.length - 8, Math.floor(bytes.length / 536870912));
    ends.setUint32(tail.length - 4, (bytes.length % 536870912) * 8);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    function blocks(data, end) {
      for (let at = 0; at < end; at += 64) {
        for (let t = 0; t < 16; t += 1) {
          const o = at + t * 4;
          words[t] = (data[o] << 24) | (data[o + 1] << 16) | (data[o + 2] << 8) | data[o + 3];
        }
        for (let t = 16; t < 64; t += 1) {
          const x = words[t - 15];
          const y = words[t - 2];
          words[t] = words[t - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3))
            + words[t - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
        }
        let [a, b, c, d, e, f, g, h] = state;
        for (let t = 0; t < 64; t += 1) {
          const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g))
            + ROOTS[t] + words[t]) | 0;
          const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
          h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
        }
        [a, b, c, d, e, f, g, h].forEach((value, n) => { state[n] += value; });
      }
    }
    blocks(bytes, bytes.length - rest);
    blocks(tail, tail.length);
    const out = new Uint8Array(32);
    state.forEach((value, n) => new DataView(out.buffer).setUint32(n * 4, value));
    return out;
  }

  const utf8 = (text) => new TextEncoder().encode(text);
  const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  const digest = (text) => hex(sha256(utf8(text)));
  const bytesOf = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));

  function joined(...parts) {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => { all.set(part, at); return at + part.length; }, 0);
    return all;
  }

  // The one form of a record that is hashed: sorted keys, no blanks.
  function canonical(value) {
    if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const pairs = Object.keys(value).sort().map((key) => JSON.stringify(key) + ":" + canonical(value[key]));
    return "{" + pairs.join(",") + "}";
  }

  // RFC 6962: leaves and nodes
  const leafHash = (data) => sha256(joined([0], data));
  const nodeHash = (left, right) => sha256(joined([1], left, right));
  const half = (size) => { let n = 1; while (n * 2 < size) n *= 2; return n; };

  function rootOf(hashes) {
    if (hashes.length === 1) return hashes[0];
    const split = half(hashes.length);
    return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
  }

  function isIncluded(leaf, index, size, proof, root) {
    if (!(index >= 0 && index < size)) return false;
    let [at, last, found] = [index, size - 1, leaf];
    for (const sibling of proof) {
      if (last === 0) return false;
      if (at % 2 || at === last) {
        found = nodeHash(sibling, found);
        while (at % 2 === 0 && at) [at, last] = [at / 2, Math.floor(last / 2)];
      } else {
        found = nodeHash(found, sibling);
      }
      [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    }
    return last === 0 && hex(found) === hex(root);
  }

  function tileName(level, number, width) {
    let name = String(number % 1000).padStart(3, "0");
    for (let n = Math.floor(number / 1000); n; n = Math.floor(n / 1000)) {
      name = "x" + String(n % 1000).padStart(3, "0") + "/" + name;
    }
    return "tile/" + level + "/" + name + (width < 256 ? ".p/" + width : "");
  }

  async function fetched(address) {
    const answer = await fetch(address, { cache: "no-store", credentials: "omit" });
    if (!answer.ok) throw new Error(address);
    return new Uint8Array(await answer.arrayBuffer());
  }

  // The audit path of a leaf, from the few tiles that hold it (the layout of C2SP tlog-tiles).
  async function pathOf(index, size, base) {
    const kept = new Map();
    function tile(level, number) {
      const width = Math.min(256, Math.floor(size / Math.pow(256, level)) - number * 256);
      const name = tileName(level, number, width);
      if (!kept.has(name)) {
        kept.set(name, fetched(base + name).then((data) => {
          if (data.length !== width * 32) throw new RangeError(name);
          return Array.from({ length: width }, (none, n) => data.subarray(n * 32, n * 32 + 32));
        }));
      }
      return kept.get(name);
    }
    async function node(height, position) {
      const level = Math.floor(height / 8);
      const first = position * Math.pow(2, height % 8);
      const hashes = await tile(level, Math.floor(first / 256));
      return rootOf(hashes.slice(first % 256, (first % 256) + Math.pow(2, height % 8)));
    }
    async function range(start, count) {
      const height = Math.log2(count);
      if (Number.isInteger(height)) return node(height, start / count);
      const split = half(count);
      return nodeHash(await range(start, split), await range(start + split, count - split));
    }
    const path = [];
    for (let start = 0, count = size; count > 1;) {
      const split = half(count);
      if (index < start + split) {
        path.unshift(await range(start + split, count - split));
        count = split;
      } else {
        path.unshift(await range(start, split));
        [start, count] = [start + split, count - split];
      }
    }
    return path;
  }

  // White space as the program that made the record takes it out.
  const solid = (text) => text.replace(
    /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/g, "");
  const page = () => box.closest("article");
  const textOf = (node) => (node ? solid(node.textContent) : "");
  const find = (css) => page().querySelector(css);
  const all = (css) => Array.from(page().querySelectorAll(css));

  // What the page says by itself, without the words of this box and those for readers' aids.
  function wholeText() {
    const copy = page().cloneNode(true);
    copy.querySelectorAll("[data-gk-proof], script, .gk-unseen, .gk-mark").forEach((node) => node.remove());
    return solid(copy.textContent);
  }

  function longDate(iso) {
    const [year, month, day] = iso.split("-").map(Number);
    return year + "年" + month + "月" + day + "日";
  }

  // Long parts first, or a part could be taken for the beginning of another.
  function areSections(recorded) {
    const left = recorded.slice().sort((one, other) => other[0] - one[0]);
    for (const prose of all("[data-gk-doc] .gk-prose")) {
      const copy = prose.cloneNode(true);
      copy.querySelectorAll("h2").forEach((heading) => heading.remove());
      let letters = Array.from(solid(copy.textContent));
      while (letters.length) {
        const at = left.findIndex(([size, sum]) => (
          size <= letters.length && digest(letters.slice(0, size).join("")) === sum));
        if (at < 0) return false;
        letters = letters.slice(left[at][0]);
        left.splice(at, 1);
      }
    }
    return left.length === 0;
  }

  function isTable(key, recorded) {
    const root = document.getElementById("t-" + key);
    const table = root && root.querySelector("table");
    if (!table) return false;
    const isTree = Boolean(table.closest(".gk-table--tree"));
    const found = [];
    Array.from(table.tBodies).forEach((body) => Array.from(body.rows).forEach((row) => {
      if (isTree && row.querySelector(".gk-table__heading")) return;
      const cells = Array.from(row.cells).filter((cell) => cell.tagName === "TD");
      cells.slice(isTree ? 1 : 0).forEach((cell) => {
        const copy = cell.cloneNode(true);
        copy.querySelectorAll(".gk-unseen, .gk-mark").forEach((node) => node.remove());
        found.push(solid(copy.textContent));
      });
    }));
    return canonical(found) === canonical(recorded.map(solid));
  }

  async function fileFaults(recorded, folder) {
    const [wrong, unread] = [[], []];
    const names = new Set();
    for (const [name, sum] of recorded) {
      names.add(name);
      try {
        if (hex(sha256(await fetched(folder + encodeURIComponent(name)))) !== sum) wrong.push(name);
      } catch (error) {
        unread.push(name);
      }
    }
    const shown = all("[data-gk-doc] img[src], .gk-files a[href]")
      .map((node) => (node.getAttribute("src") || node.getAttribute("href")).split("/").pop());
    const extra = shown.filter((name) => !names.has(decodeURIComponent(name)));
    return { wrong, unread, extra };
  }

  // Compare the page with its record, item by item; what differs goes into the rebuilt record.
  async function compared(record) {
    const lines = [];
    const rebuilt = JSON.parse(JSON.stringify(record));
    function tell(key, isSame, detail) {
      lines.push({ isSame, isUnread: false, text: say(key) + "：" + (isSame ? say("same") : detail || say("changed")) });
    }
    function replace(key, value, isSame) {
      if (!isSame) rebuilt[key] = value;
      tell(key, isSame);
    }
    const whole = wholeText();
    const title = find("h1.gk-title");
    replace("title", title ? title.textContent.trim() : "", textOf(title) === solid(record.title));
    if (record.document_number) {
      const number = find(".gk-doc__number");
      const isThere = number ? textOf(number) === solid(record.document_number) : whole.includes(solid(record.document_number));
      replace("document_number", number ? number.textContent.trim() : "", isThere);
    }
    const published = find(".gk-source time");
    if (record.published_on) {
      replace("published_on", published ? published.textContent.trim() : "", textOf(published) === solid(record.published_on));
    }
    if (record.issued_on) {
      const isThere = all(".gk-box time").some((time) => (
        time.getAttribute("datetime") === record.issued_on && textOf(time) === longDate(record.issued_on)));
      replace("issued_on", "", isThere);
    }
    if (record.sections) {
      replace("sections", [], areSections(record.sections));
    } else {
      const words = all("[data-gk-doc] .gk-prose").map(textOf).join("");
      const sum = words ? digest(words) : "";
      replace("text", sum, sum === (record.text || ""));
    }
    if (record.tables) {
      const wrong = Object.keys(record.tables).filter((key) => !isTable(key, record.tables[key]));
      replace("tables", wrong, wrong.length === 0);
    }
    const texts = [].concat(...Object.values(record.details || {}), ...(record.changes || []).map((row) => row[2]));
    if (record.registration_number) texts.push(record.registration_number);
    for (const key of ["effective_on", "expires_on", "repealed_on"]) if (record[key]) texts.push(longDate(record[key]));
    if (texts.length) {
      const gone = texts.filter((text) => !whole.includes(solid(text)));
      if (gone.length) rebuilt.details = gone;
      tell("details", gone.length === 0, say("missing") + gone.join("；"));
    }
    if (!record.disclosure_reason && record.disclosure) {
      const folder = location.pathname.split("/").pop().replace(/\.html$/, "") + "/";
      const { wrong, unread, extra } = await fileFaults(record.attachments || [], folder);
      if (wrong.length || extra.length) {
        rebuilt.attachments = wrong.concat(extra);
        const where = wrong.length ? say("changed") + "（" + wrong.join("、") + "）" : say("more") + extra.join("、");
        tell("attachments", false, where);
      } else if (unread.length) {
        lines.push({ isSame: true, isUnread: true, text: say("attachments") + "：" + say("unread") + unread.join("、") });
      } else if (record.attachments) {
        tell("attachments", true);
      }
    }
    return { lines, rebuilt };
  }

  function readCheckpoint(bytes) {
    const lines = new TextDecoder().decode(bytes).split("\n");
    const root = Uint8Array.from(atob(lines[2] || ""), (letter) => letter.charCodeAt(0));
    const size = /^[1-9][0-9]{0,8}$/.test(lines[1]) ? Number(lines[1]) : 0;
    if (!size || root.length !== 32) throw new RangeError("checkpoint");
    return { size, root };
  }

  // good: all agrees; bad: the page or its record does not; damaged: the log; failed: not read
  async function checked() {
    let record;
    try {
      record = JSON.parse(box.dataset.record);
    } catch (error) {
      return { state: "bad", lines: [], why: say("record", { n: box.dataset.number }) };
    }
    const index = Number(box.dataset.number) - 1;
    const { lines, rebuilt } = await compared(record);
    // what agrees with a record says nothing until the log vouches for the record
    const faults = lines.filter((line) => !line.isSame);
    const here = decodeURIComponent(location.pathname).replace(/\.html$/, "");
    const base = box.dataset.log;
    let checkpoint;
    let path;
    try {
      checkpoint = readCheckpoint(await fetched(base + "checkpoint"));
      path = index >= 0 && index < checkpoint.size ? await pathOf(index, checkpoint.size, base) : null;
    } catch (error) {
      const isDamaged = error instanceof RangeError || error instanceof DOMException;
      const state = faults.length ? "bad" : isDamaged ? "damaged" : "failed";
      return { state, lines: faults, why: say(isDamaged ? "damaged" : "failed") };
    }
    const holds = (one) => path !== null && isIncluded(
      leafHash(sha256(utf8(canonical(one)))), index, checkpoint.size, path, checkpoint.root);
    const facts = { n: box.dataset.number, size: String(checkpoint.size) };
    if (!here.endsWith("/" + record.address)) return { state: "bad", lines: faults, why: say("address") };
    if (!holds(record)) {
      // the log may be wrong instead of the record: then the leaf in its own tile is not under the root
      const isSound = path !== null && await isLeafSound(index, checkpoint, base, path);
      return { state: isSound ? "bad" : "damaged", lines: faults, why: say(isSound ? "record" : "damaged", facts) };
    }
    if (!holds(rebuilt)) return { state: "bad", lines, why: say("tree", facts) };
    const isWhole = !lines.some((line) => line.isUnread);
    return { state: isWhole ? "good" : "partly", lines, why: say("tree", facts) };
  }

  async function isLeafSound(index, checkpoint, base, path) {
    const number = Math.floor(index / 256);
    const width = Math.min(256, checkpoint.size - number * 256);
    try {
      const data = await fetched(base + tileName(0, number, width));
      const at = (index % 256) * 32;
      return isIncluded(data.subarray(at, at + 32), index, checkpoint.size, path, checkpoint.root);
    } catch (error) {
      return false;
    }
  }

  function fill(css, ...nodes) {
    const place = box.querySelector(css);
    place.textContent = "";
    place.append(...nodes);
  }

  function show(result) {
    const told = document.createElement("p");
    told.className = "gk-proof__told gk-proof__told--" + result.state;
    told.textContent = say(result.state, { n: box.dataset.number });
    const list = document.createElement("ul");
    result.lines.forEach((line) => {
      const item = document.createElement("li");
      item.className = line.isSame ? "" : "gk-proof__fault";
      item.textContent = line.text;
      list.append(item);
    });
    const rest = [result.why !== told.textContent ? result.why : "", say("limits")].filter(Boolean).map((words) => {
      const line = document.createElement("p");
      line.textContent = words;
      return line;
    });
    // the verdict is read out; the items wait below for whoever wants them
    fill("[data-gk-proof-told]", told);
    fill("[data-gk-proof-rest]", list, ...rest);
    box.dataset.state = result.state;
  }

  // for tests of what everything here rests on
  box.gkSha256 = (text) => digest(text);
  box.gkCommitment = () => hex(sha256(utf8(canonical(JSON.parse(box.dataset.record)))));

  const button = box.querySelector("[data-gk-proof-check]");
  if (!button) return;
  button.parentElement.hidden = false;
  // The button stays reachable while it works: one that is switched off would lose the focus.
  let isWorking = false;
  button.addEventListener("click", async () => {
    if (isWorking) return;
    isWorking = true;
    button.setAttribute("aria-disabled", "true");
    fill("[data-gk-proof-told]", say("working"));
    fill("[data-gk-proof-rest]");
    try {
      show(await checked());
    } catch (error) {
      show({ state: "failed", lines: [], why: "" });
    }
    button.removeAttribute("aria-disabled");
    isWorking = false;
  });
})();
