// Answer queries from slices of the index: fetch what the query's terms need, let lunr score that.
// Runs in a worker or on a page; nothing that a reader asks leaves the browser.
(function () {
  "use strict";

  const { contract, inflate } = self.gongkaiSearch;
  const { normalise, parse, keyOf } = contract;
  const VERSION = 2;
  const MANIFEST = "manifest.json";
  const KEPT = 600; // files held in memory
  const SCORED = 256; // documents that lunr is given
  const FACETS = ["agency", "column", "subject", "kind", "validity"];
  const CARD = ["url", "title", "index", "document_number", "agency", "published", "column", "validity", "kind", "summary"];
  // how many slices a query may ask for: at first, in all, letters of titles for a slip
  const [FIRST, MOST, LETTERS] = [6, 9, 4];
  // overflow lists of a query: requests and about how many bytes, where there is one part, where
  // there are several, and when every hit counts
  const BUDGETS = [[3, 24000], [7, 60000], [12, 60000]];
  const TELLING = 4; // with so many other terms, those that many documents hold are left out
  const HELD = 4; // how much the share of the query's terms counts, as a power
  const EXACT = 20000; // more than any score
  const CLEAR = 12; // as few documents with all terms asked for so far need no further terms
  const [GOOD, WEAK, ENOUGH] = [0.75, 0.4, 10]; // shares of the best hit's terms that make a hit
  const SLIP = 0.62; // a best hit with less of the query may be a slip's
  const FAR = 0.12; // a best hit with less of it is none
  const LETTER = 0.3; // a letter of a title beside a pair of characters, for slips
  const NEAR = 6; // a title that nearly says a word of which no document has all
  const CHECKED = 20; // pages read in one go to see whether they say a quoted phrase
  const PATIENCE = 15000; // ms that a file may take
  // near-ties alone: the scale of weights has steps of 5 %
  const [LAPSED, AGED] = [0.92, 0.05];
  const AGED_ALONE = 0.3; // of one term alone, documents are alike: the newest first
  const ABOUT = 0.98; // what explains a document, beside the document

  function failure(kind, file) {
    const error = new Error(kind + ": " + file);
    error.kind = kind;
    error.file = file;
    return error;
  }

  // Files: over the network, or as scripts beside them where a page was opened from a disk

  const put = {};

  function fromDisk(base, name) {
    self.gongkaiPut = (file, text) => put[file] && put[file](text);
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const end = () => {
        script.remove();
        reject(failure("load", name)); // unless it put something
      };
      put[name] = (text) => resolve(bytesOf(text));
      script.onload = script.onerror = end;
      script.src = base + name + ".js";
      document.head.append(script);
    });
  }

  function fromNet(base, name, isAgain) {
    const cache = isAgain ? "reload" : name === MANIFEST ? "no-cache" : "default";
    const stop = typeof AbortController === "undefined" ? null : new AbortController();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(Object.assign(failure("load", name), { isLate: true }));
        if (stop) stop.abort();
      }, PATIENCE);
      fetch(base + name, stop ? { cache, signal: stop.signal } : { cache }).then((answer) => {
        if (!answer.ok) throw failure("load", name);
        return answer.arrayBuffer();
      }).then((data) => {
        clearTimeout(timer);
        resolve(new Uint8Array(data));
      }, (error) => {
        clearTimeout(timer);
        reject(error);
      });
    });
  }

  const distinct = (list) => Array.from(new Set(list));
  const joined = (lists) => [].concat(...lists);
  const textOf = (data) => new TextDecoder().decode(data);
  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const unpack = (data) => inflate(data);

  function hex(data, at) {
    let text = "";
    for (const value of data.subarray(at * 3, at * 3 + 3)) text += (value + 256).toString(16).slice(1);
    return text;
  }

  // What reads the numbers of some bytes: little-endian base 128; keys pass 32 bits.
  function reader(data) {
    let at = 0;
    const next = () => {
      let value = data[at] & 127;
      for (let scale = 128; data[at] > 127; scale *= 128) {
        at += 1;
        value += (data[at] & 127) * scale;
      }
      at += 1;
      return value;
    };
    // so many numbers that each say how far they are from the one before
    next.rising = (size, first) => {
      // a count that its own file could not hold would be a demand for memory
      if (!(size <= data.length)) throw new Error("damaged data");
      let value = first;
      return Array.from({ length: size }, () => (value += next()));
    };
    next.isDone = () => at >= data.length;
    next.left = () => data.length - at;
    return next;
  }

  // A key space cut by halving: where its ranges begin, by rising keys, and the file of each.
  function rangesOf(shape) {
    const data = bytesOf(shape);
    let bit = 0;
    const next = () => {
      bit += 1;
      return (data[(bit - 1) >> 3] >> (7 - ((bit - 1) & 7))) & 1;
    };
    const lows = [];
    const places = [];
    const starts = []; // the least key of each file
    const open = [[0, Math.pow(2, 40)]];
    while (open.length) {
      const [low, width] = open.pop();
      if (next()) {
        open.push([low + width / 2, width / 2], [low, width / 2]);
        continue;
      }
      if (next()) starts.push(low);
      lows.push(low);
      places.push(starts.length - 1);
    }
    return { lows, places, starts };
  }

  // The range of a key: the last that begins at or before it.
  function rangeOf(lows, key) {
    let [low, high] = [0, lows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lows[middle] <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  // Terms that many documents hold, as a Bloom filter: seldom, another term passes for one.
  function bloomOf(bits) {
    const data = bytesOf(bits || "");
    return (term) => {
      if (!data.length) return false;
      const key = keyOf(term);
      let x = Math.imul((key % 1048576) ^ Math.imul(Math.floor(key / 1048576), 0x85ebca6b), 0xc2b2ae35);
      x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
      x ^= x >>> 13;
      const step = Math.imul(x, 0x9e3779b1) | 1;
      for (let turn = 0; turn < 6; turn += 1) {
        const at = ((x + Math.imul(turn, step)) >>> 0) % (data.length * 8);
        if (!((data[at >> 3] >> (at & 7)) & 1)) return false;
      }
      return true;
    };
  }

  // One slice of terms by key, or of overflow lists when `front` is 0.
  function slice(data, low, front) {
    const next = reader(data);
    const size = next();
    const keys = next.rising(size, low);
    const counts = keys.map(next);
    const more = front ? keys.map(next) : counts;
    const lists = counts.map((count) => next.rising(front ? Math.min(count, front) : count, 0));
    const weighed = lists.reduce((sum, list) => sum + list.length, 0);
    if (next.left() !== weighed) throw new Error("damaged data");
    let at = data.length - weighed;
    return new Map(keys.map((key, n) => {
      const numbers = lists[n];
      const weights = data.subarray(at, (at += numbers.length));
      return [key, { df: counts[n], pairs: counts[n] + more[n], numbers, weights }];
    }));
  }

  // Pages into text

  const INLINE = /^\/?(?:a|abbr|b|code|em|i|ins|mark|rb|rp|rt|ruby|s|small|span|strong|sub|sup|time|u|wbr)$/i;
  const NAMED = { amp: "&", lt: "<", gt: ">", quot: "\"", apos: "'", nbsp: " ", ensp: " ", emsp: " " };

  // Where a page's document ends: what follows names other documents.
  const AFTER = /<\/main>|<[a-z]+ class="gk-(?:relations|changes|steps|checks)"/;

  // The words of a page's document, or of its main part, without a DOM: workers have none.
  function words(html) {
    const from = Math.max(html.indexOf("data-gk-doc"), html.indexOf("id=\"main\""));
    const end = html.slice(Math.max(0, from)).search(AFTER);
    const to = end < 0 ? end : end + Math.max(0, from);
    return html.slice(html.indexOf(">", from) + 1, to < 0 ? undefined : to)
      .replace(/<(script|style|template)\b[^]*?<\/\1\s*>|<!--[^]*?-->/gi, " ")
      .replace(/<(\/?[a-z][a-z0-9]*)\b(?:"[^"]*"|'[^']*'|[^>"'])*>/gi, (all, name) => (INLINE.test(name) ? "" : "\n"))
      .replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal, hexadecimal, name) => {
        const code = decimal ? Number(decimal) : parseInt(hexadecimal, 16);
        return name ? NAMED[name] || all : code < 0x110000 ? String.fromCodePoint(code) : "";
      })
      .replace(/\s+/g, " ").trim();
  }

  const compact = (text) => normalise(text).replace(/\s+/g, "");

  // About 80 characters around the place where most of the marks stand together.
  function stretch(text, marks) {
    // letter by letter, so that places stay the same
    const plain = Array.from(text, (letter) => {
      const normal = normalise(letter);
      return normal.length === letter.length ? normal : letter;
    }).join("");
    const places = [];
    new Set(marks.map(normalise)).forEach((mark) => {
      for (let hit = mark ? plain.indexOf(mark) : -1; hit >= 0 && places.length < 2000; hit = plain.indexOf(mark, hit + 1)) {
        places.push([hit, mark]);
      }
    });
    places.sort((a, b) => a[0] - b[0]);
    let best = [0, -1, 0];
    places.forEach(([hit], n) => {
      const seen = new Set();
      let worth = 0;
      let end = hit;
      for (let m = n; m < places.length && places[m][0] < hit + 60; m += 1) {
        const mark = places[m][1];
        worth += seen.has(mark) ? 0.1 : mark.length;
        seen.add(mark);
        end = Math.max(end, places[m][0] + mark.length);
      }
      if (worth > best[0]) best = [worth, hit, end];
    });
    if (best[1] < 0) return "";
    const middle = (best[1] + best[2]) / 2;
    const first = Math.max(0, Math.min(Math.round(middle) - 40, text.length - 80));
    const last = Math.min(text.length, first + 80);
    // never cut a character in two
    const whole = text.slice(first, last).replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "").trim();
    return (first ? "…" : "") + whole + (last < text.length ? "…" : "");
  }

  // Characters of GB 2312: nearly no traditional form is among them. Empty where a browser cannot tell.
  let common = null;

  function isForeign(text) {
    if (!common) {
      const pairs = [];
      for (let high = 0xb0; high < 0xf8; high += 1) for (let low = 0xa1; low < 0xff; low += 1) pairs.push(high, low);
      try {
        common = new Set(new TextDecoder("gbk").decode(new Uint8Array(pairs)));
      } catch (error) {
        common = new Set();
      }
    }
    return common.size > 0 && contract.letters(normalise(text)).some((letter) => !common.has(letter));
  }

  // How `found` is `typed` with one replaced, missing or extra character: how many characters
  // agree before it and behind it; null if it is not.
  function slipOf(typed, found) {
    let [head, tail] = [0, 0];
    while (head < typed.length && head < found.length && typed[head] === found[head]) head += 1;
    const left = Math.min(typed.length, found.length) - head;
    while (tail < left && typed[typed.length - 1 - tail] === found[found.length - 1 - tail]) tail += 1;
    const same = head + tail;
    if (typed.length === found.length) return same === typed.length - 1 ? { head, tail } : null;
    return head > 0 && tail > 0 && same === Math.min(typed.length, found.length) ? { head, tail } : null;
  }

  const runsOf = (text) => text.match(/[^\s!-/:-@[-`{-~\u3000-\u3006\u3008-\u303f\u2000-\u206f]+/g) || [];
  const isBorder = (letter) => !letter || !contract.cut(letter).length;

  // Stretches of titles that are nearly a run of a query: [stretch, {head, tail, titles, isWhole}], the best first.
  function nearly(run, titles) {
    const typed = Array.from(run);
    const found = new Map();
    titles.map((title) => Array.from(compact(title))).forEach((text, rank) => {
      const seen = new Set();
      for (const size of typed.length < 4 ? [typed.length] : [typed.length, typed.length - 1, typed.length + 1]) {
        for (let at = 0; at + size <= text.length; at += 1) {
          const slip = slipOf(typed, text.slice(at, at + size));
          if (!slip) continue;
          const stretch = text.slice(at, at + size).join("");
          const one = found.get(stretch) || Object.assign(slip, { titles: 0, votes: 0, isWhole: false });
          if (!seen.has(stretch)) {
            one.titles += 1;
            one.votes += 1 / (rank + 3);
          }
          seen.add(stretch);
          // a slip at an end is one only if the word ends there
          if ((slip.head || isBorder(text[at - 1])) && (slip.tail || isBorder(text[at + size]))) one.isWhole = true;
          found.set(stretch, one);
        }
      }
    });
    return Array.from(found).sort((a, b) => b[1].votes - a[1].votes);
  }

  function create({ base, read }) {
    const source = read || ((/^file:/.test(base) ? fromDisk : fromNet).bind(null, base));
    const files = new Map();
    let used = { requests: 0, bytes: 0, files: [] };
    let opened = null;
    let last = {};

    function take(name, make, isAgain) {
      used.requests += 1;
      used.files.push(name);
      return source(name, isAgain).then((data) => {
        used.bytes += data.length;
        return make(data);
      });
    }

    // What a file holds, fetched once; a damaged or lost one is tried again once, and never kept.
    function load(name, make) {
      let found = files.get(name);
      files.delete(name);
      if (!found) {
        found = take(name, make, false).catch((error) => {
          if (error.isLate) throw error; // who waited so long does not wait again
          return take(name, make, true);
        }).catch(() => {
          files.delete(name);
          throw failure("load", name);
        });
      }
      files.set(name, found);
      if (files.size > KEPT) files.delete(files.keys().next().value);
      return found;
    }

    // Marks of a family of files: in the manifest, or on pages where they are many.
    function marksOf({ names, page }, family) {
      const marks = bytesOf(names);
      return (n) => {
        if (!page) return Promise.resolve(hex(marks, n));
        const at = Math.floor(n / page);
        return load("p/" + family + "-" + at + "-" + hex(marks, at) + ".bin", (data) => data).then((held) => hex(held, n % page));
      };
    }

    // Slices of terms: what looks a key up, and how wide the range of its slice is.
    function slicesOf(facts, family, front) {
      const { lows, places, starts } = rangesOf(facts.shape);
      const mark = marksOf(facts, family);
      const folder = family[0] + "/" + (family.length > 1 ? family.slice(1) + "-" : "");
      return {
        file: (key) => places[rangeOf(lows, key)],
        width(key) {
          const at = rangeOf(lows, key);
          return (at + 1 < lows.length ? lows[at + 1] : Math.pow(2, 40)) - lows[at];
        },
        find(key) {
          const file = places[rangeOf(lows, key)];
          if (file < 0) return Promise.resolve(null);
          const low = starts[file];
          return mark(file)
            .then((name) => load(folder + low.toString(36) + "-" + name + ".bin", (data) => slice(unpack(data), low, front)))
            .then((held) => held.get(key));
        },
      };
    }

    function numbersOf(data) {
      const next = reader(data);
      const found = new Set();
      for (let number = 0; !next.isDone();) found.add((number += next()));
      return found;
    }

    function indexOf(text) {
      const facts = JSON.parse(text);
      if (facts.version !== VERSION) throw failure("version", MANIFEST);
      const mark = marksOf(facts.cards, "c");
      const weights = Array.from({ length: 128 }, (none, w) => facts.weights.first * Math.pow(facts.weights.ratio, w - 1));
      return {
        facts,
        text,
        weights,
        size: facts.documents,
        terms: slicesOf(facts.terms, "t", facts.front),
        overflow: facts.overflow.map((family, part) => slicesOf(family, "v" + part, 0)),
        isCommon: bloomOf(facts.common),
        lapsed: () => (facts.lapsed_file
          ? load(facts.lapsed_file, (data) => numbersOf(unpack(data)))
          : Promise.resolve(numbersOf(bytesOf(facts.lapsed || "")))),
        variants: () => load(facts.variants, (data) => contract.setVariants(textOf(data))),
        card(number) {
          const block = Math.floor(number / facts.cards.size);
          return mark(Math.floor(number / (facts.cards.group || facts.cards.size)))
            .then((name) => load("c/" + block + "-" + name + ".bin", (data) => JSON.parse(textOf(unpack(data)))))
            .then((rows) => cardOf(facts, rows[number % facts.cards.size]));
        },
        // the class of a document in a facet, as a place in its values
        facet(name) {
          const { names, width } = facts.facets[name];
          const marks = bytesOf(names);
          const parts = Array.from({ length: marks.length / 3 }, (none, part) => load(
            "f/" + name + "-" + part + "-" + hex(marks, part) + ".bin", unpack));
          return Promise.all(parts).then((held) => (number) => {
            const data = held[Math.floor(number / facts.part)];
            const at = (number % facts.part) * width;
            return width > 1 ? data[at] + data[at + 1] * 256 : data[at];
          });
        },
      };
    }

    function cardOf({ facets }, row) {
      const card = {};
      CARD.forEach((name, n) => {
        card[name] = row[n];
        if (typeof row[n] !== "number") return;
        [card[name], card[name + "_label"]] = facets[name].values[row[n]] || ["", ""];
      });
      card.url = card.url || "i/" + card.index + ".html";
      return card;
    }

    // `given` is a manifest that the page has fetched while this script was on its way.
    function openIndex(given) {
      if (!opened) {
        // a manifest of another version is no failure to load
        opened = (given ? Promise.resolve(given) : load(MANIFEST, textOf)).then((text) => {
          try {
            return indexOf(text);
          } catch (error) {
            files.delete(MANIFEST);
            throw error.kind ? error : failure("load", MANIFEST);
          }
        });
        opened.catch(() => {
          opened = null;
        });
      }
      return opened;
    }

    // Do some work; if a file is gone, look whether the site was published anew meanwhile.
    function withIndex(work) {
      return openIndex().then((index) => work(index).catch((error) => {
        if (error.kind !== "load") throw error;
        const before = opened;
        opened = null;
        files.delete(MANIFEST);
        return openIndex().then((fresh) => {
          if (fresh.text === index.text) throw error;
          last = {};
          return work(fresh);
        }, () => {
          opened = before;
          throw error;
        });
      }));
    }

    function posting(index, term) {
      return index.terms.find(keyOf(term)).then((found) => {
        const { df, pairs, numbers, weights } = found || { df: 0, pairs: 0, numbers: [], weights: [] };
        const idf = Math.log(1 + Math.abs((index.size - pairs + 0.5) / (pairs + 0.5)));
        return { term, df, idf, numbers, weights, lists: [], parts: new Set(), isHeavy: df > index.facts.front };
      });
    }

    // Up to `room` terms that tell most: rare ones, not overlapping. A common term fills its slice alone,
    // so the wider the range that it was cut from, the rarer the terms in it. Terms of one slice cost one request.
    function plan(index, terms, taken, room) {
      const file = terms.map((term) => index.terms.file(keyOf(term)));
      // numbers and names in Latin letters tell one of many alike
      const worth = terms.map((term) => (/^[a-z0-9]{2}/.test(term) ? 24 : Math.log2(index.terms.width(keyOf(term)))));
      const chosen = new Set(taken);
      const files = new Set(terms.map((term, n) => (chosen.has(term) ? file[n] : -1)));
      files.delete(-1);
      if (new Set(file).size <= files.size + room) return terms.filter((term) => !chosen.has(term));
      const found = [];
      const value = (n) => worth[n] - 3 * (chosen.has(terms[n - 1]) + chosen.has(terms[n + 1]));
      for (let left = room; left;) {
        let best = -1;
        terms.forEach((term, n) => {
          if (!chosen.has(term) && (best < 0 || value(n) > value(best))) best = n;
        });
        if (best < 0) break;
        chosen.add(terms[best]);
        found.push(terms[best]);
        if (!files.has(file[best])) left -= 1;
        files.add(file[best]);
      }
      return found;
    }

    // Sums over the documents that hold any of the terms; terms are numbered by bits.
    function tally(index) {
      const { size, weights } = index;
      return {
        terms: [],
        score: new Float64Array(size),
        share: new Float64Array(size),
        bits: new Int32Array(size),
        inTitle: new Int32Array(size),
        touched: [],
        whole: 0,
        add(term) {
          if (!term.df || this.terms.length > 30) return;
          this.terms.push(term);
          this.whole += term.idf;
          this.count(term, term.numbers, term.weights);
        },
        // let a term that is counted already weigh less
        lighten(term, idf) {
          const less = term.idf - idf;
          this.whole -= less;
          term.idf = idf;
          term.lists.forEach(([numbers, held]) => numbers.forEach((number, n) => {
            this.score[number] -= less * weights[held[n] & 127];
            this.share[number] -= less;
          }));
        },
        count(term, numbers, held) {
          const bit = 1 << this.terms.indexOf(term);
          term.lists.push([numbers, held]);
          for (let n = 0; n < numbers.length; n += 1) {
            const number = numbers[n];
            if (!this.bits[number]) this.touched.push(number);
            this.bits[number] |= bit;
            if (held[n] > 127) this.inTitle[number] |= bit;
            this.score[number] += term.idf * weights[held[n] & 127];
            this.share[number] += term.idf;
          }
        },
      };
    }

    // Keys of the 文号 or 索引号 that a whole query may be: 〔2024〕12号 without brackets is known by its year.
    function identifiers({ exact, numbers, rest }) {
      const letters = contract.letters(exact || "").length;
      if (!exact || letters > (numbers.length ? 16 : 6)) return [];
      const other = numbers.length === 1 ? "=" + contract.squeeze(rest) + numbers[0].slice(1).replace("-", "") : exact;
      return other === exact ? [exact] : [exact, other];
    }

    // How likely a document holds a term that no fetched list tells of: as any other does, but what
    // names a year was mostly published in it or in the next.
    function chance(index, term, number) {
      const { front } = index.facts;
      const any = (term.df - front) / (index.size - front);
      if (!/^(?:19|20)\d\d$/.test(term.term)) return any;
      const age = yearOf(index, number) - term.term;
      return age === 0 || age === 1 ? Math.max(any, 0.6) : any * 0.3;
    }

    // What the terms would add of which it is not known whether a document holds them.
    function likely(index, sums, number) {
      let more = 0;
      const part = Math.floor(number / index.facts.part);
      sums.terms.forEach((term, n) => {
        if (!term.isHeavy || (sums.bits[number] >> n) & 1 || term.parts.has(part)) return;
        more += term.idf * chance(index, term, number);
      });
      return more;
    }

    const shareOf = (index, sums, number) => Math.min(1, (sums.share[number] + likely(index, sums, number)) / (sums.whole || 1));

    // A score with the share of the query's terms that a document holds.
    function value(index, sums, number, score) {
      return score * Math.pow(shareOf(index, sums, number), HELD);
    }

    // What lunr makes of a document.
    const lunrScore = (sums, number) => sums.score[number] / Math.sqrt(sums.terms.length || 1);

    // Overflow lists: where they could bring a document among the first, the most promising first.
    function deepen(index, sums, asked, isDeep, shown) {
      const { front, part: size } = index.facts;
      const heavy = sums.terms.filter((term) => term.isHeavy);
      if (!heavy.length || (sums.terms.length === 1 && !isDeep)) return Promise.resolve();
      // no document beyond the first lists has more of a term than the least that stand there
      heavy.forEach((term) => {
        term.least = index.weights[term.weights.reduce((a, b) => Math.min(a, b & 127), 127)];
        term.bit = 1 << sums.terms.indexOf(term);
        term.gains = [];
      });
      const root = Math.sqrt(sums.terms.length);
      const known = Float64Array.from(sums.touched, (number) => value(index, sums, number, lunrScore(sums, number))).sort();
      const limit = known[known.length - shown] || 0;
      for (const number of sums.touched) {
        const part = Math.floor(number / size);
        const open = heavy.filter((term) => !(sums.bits[number] & term.bit));
        const score = open.reduce((sum, term) => sum + term.idf * term.least, sums.score[number]);
        const share = open.reduce((sum, term) => sum + term.idf, sums.share[number]) / sums.whole;
        const most = (score / root) * Math.pow(share, HELD);
        if (most <= limit) continue;
        for (const term of open) term.gains[part] = (term.gains[part] || 0) + term.idf * most;
      }
      const lists = [];
      heavy.forEach((term) => index.overflow.forEach((slices, part) => {
        const gain = term.gains[part] || (isDeep ? (part + 1) / 1e6 : 0);
        const bytes = 800 + (1.2 * (term.df - front)) / index.overflow.length;
        if (gain) lists.push({ term, slices, part, bytes, gain });
      }));
      lists.sort((a, b) => b.gain - a.gain || a.bytes - b.bytes);
      let [requests, bytes] = BUDGETS[isDeep ? 2 : index.overflow.length > 1 ? 1 : 0];
      if (!isDeep && index.overflow.length === 1) requests = Math.min(requests, Math.max(1, MOST + 1 - asked.size));
      return Promise.all(lists.filter((list) => {
        if (!requests || list.bytes > bytes) return false;
        requests -= 1;
        bytes -= list.bytes;
        return true;
      }).map(({ term, slices, part }) => slices.find(keyOf(term.term)).then((found) => {
        term.parts.add(part);
        if (found) sums.count(term, found.numbers, found.weights);
      })));
    }

    // Documents that hold all terms of any excluded word.
    async function exclude(index, excluded) {
      const banned = new Set();
      for (const { terms } of excluded) {
        const lists = await Promise.all(terms.map(async (term) => {
          const found = await posting(index, term);
          const more = found.isHeavy ? await Promise.all(index.overflow.map((slices) => slices.find(keyOf(term)))) : [];
          return new Set(joined(more.filter(Boolean).concat(found).map((list) => list.numbers)));
        }));
        lists[0].forEach((number) => {
          if (lists.every((held) => held.has(number))) banned.add(number);
        });
      }
      return banned;
    }

    // What is known of a query's documents; what follows filters, sorts and shows. The last is kept.
    function gather(index, query, isDeep, shown) {
      // a quoted phrase is looked up in full at once, and which hits do not say it must not be forgotten
      const isEnough = /["\uff02“「『]/.test(query) || (last.isDeep >= isDeep && last.shown >= shown);
      if (last.index === index && last.query === query && isEnough) return last.state;
      const state = understand(index, query, isDeep, shown);
      last = { index, query, isDeep, shown, state };
      state.catch(() => {
        last = {};
      });
      return state;
    }

    // A query taken apart; the table of traditional characters is fetched if it may be needed.
    function partsOf(index, query) {
      return (isForeign(query) ? index.variants() : Promise.resolve()).then(() => parse(query, index.facts));
    }

    async function understand(index, query, isDeep, shown) {
      const first = async () => collect(index, await partsOf(index, query), false, isDeep, shown, query);
      const state = await first();
      if (state.sums.terms.length || !contract.letters(state.parsed.rest).length) return state;
      // fifteen traditional characters are common ones as well
      return index.variants().then(first);
    }

    // Pairs of characters across two words: both pairs beside them are known and they are rare.
    function straddling({ terms }, asked) {
      return terms.filter((term, n) => {
        const [before, here, after] = [asked.get(terms[n - 1]), asked.get(term), asked.get(terms[n + 1])];
        if (!before || !here || !after || terms[n - 1][1] !== term[0] || terms[n + 1][0] !== term[1]) return false;
        const least = Math.min(before.df, after.df);
        return here.df < least && here.df <= Math.max(2, least / 8);
      });
    }

    // Such a pair tells no more than the pairs beside it.
    function even(sums, { terms }, asked, across) {
      across.forEach((name) => {
        const n = terms.indexOf(name);
        const term = asked.get(name);
        const idf = (asked.get(terms[n - 1]).idf + asked.get(terms[n + 1]).idf) / 2;
        if (term.df && term.idf > idf) sums.lighten(term, idf);
      });
    }

    // The number that a query asks for and no document bears, as typed, and whether that is the whole query.
    function missingOf(parsed, asked, exacts, query) {
      const { numbers, numbersTyped, text } = parsed;
      if (exacts.size) return null;
      const n = numbers.findIndex((key) => asked.has(key) && !asked.get(key).df);
      const rest = parsed.rest.replace(/[\s〔[(【〈《]+$/, "").trim();
      const isPlain = identifiers(parsed).length > 0 && !parsed.excluded.length && !parsed.phrases.length;
      const isMark = numbers.length === 1 && !/\s/.test(rest) && (n === 0 || /[发字函办规令告]$/.test(rest));
      const isIndex = /^\s*[a-z0-9]{6,}\s*[/_-]\s*[a-z0-9][a-z0-9/_-]{3,}\s*$/.test(text) && /\d(?:\D*\d){7}/.test(text);
      if (isPlain && (isMark || isIndex)) return { text: query.trim(), isAlone: true };
      if (n < 0) return null;
      const mark = text.slice(0, text.indexOf(numbersTyped[n])).match(/[^\s、,。《》"“”]*$/)[0];
      return { text: mark.replace(/^.*(?:关于|根据|按照)/, "") + numbersTyped[n], isAlone: false };
    }

    async function collect(index, parsed, isQuick, isDeep, shown, query) {
      const sums = tally(index);
      const asked = new Map(); // term → posting
      const ask = (terms) => Promise.all(terms.map((term) => posting(index, term))).then((found) => found.forEach((one) => {
        asked.set(one.term, one);
        if (one.term[0] !== "=") sums.add(one);
      }));
      const named = identifiers(parsed);
      const telling = parsed.terms.filter((term) => !index.isCommon(term));
      const wanted = telling.length + parsed.numbers.length + parsed.concepts.length >= TELLING ? telling : parsed.terms;
      const always = parsed.numbers.concat(parsed.concepts).slice(0, MOST - 2);
      const aside = Promise.all([exclude(index, parsed.excluded.slice(0, 5)), index.lapsed()]);
      aside.catch(() => {}); // whoever waits for it hears of it
      const room = Math.max(2, FIRST - always.length);
      const first = plan(index, wanted, [], room);
      const isLong = first.length < wanted.length;
      await ask(always.concat(first, named));
      if (isLong) {
        const all = Math.pow(2, sums.terms.length) - 1;
        const clear = sums.touched.filter((number) => sums.bits[number] === (all | 0)).length;
        if (sums.terms.length < 3 || !clear || clear > CLEAR) {
          await ask(plan(index, wanted, first, Math.max(1, MOST - asked.size)));
        }
      }
      const across = new Set(straddling(parsed, asked));
      even(sums, parsed, asked, across);
      const exacts = new Set(joined(named.map((key) => asked.get(key).numbers)));
      if (!isQuick) await deepen(index, sums, asked, isDeep || parsed.phrases.length > 0 || shown > index.facts.front, shown);
      const isAbsent = (term) => asked.has(term) && !asked.get(term).df;
      const absent = parsed.terms.filter(isAbsent);
      const unknown = parsed.numbers.concat(parsed.concepts, parsed.terms).filter((term) => isAbsent(term) && !across.has(term));
      const lost = parsed.terms.filter((term) => isAbsent(term) && !across.has(term)).length * Math.log(1 + index.size * 2);
      const best = () => sums.touched.reduce((most, number) => Math.max(most, sums.share[number]), 0);
      const letters = contract.letters(parsed.rest);
      const missed = isQuick ? null : missingOf(parsed, asked, exacts, query);
      const isNumber = missed !== null && missed.isAlone;
      const isFound = exacts.size > 0 || isNumber;
      // a document lacks a term if that is known: lists of what many documents hold are not read to the end
      const needed = sums.terms.map((term, n) => [term, 1 << n]).filter(([term]) => !across.has(term.term));
      const open = (term, number) => term.isHeavy && !term.parts.has(Math.floor(number / index.facts.part));
      const lacks = (number) => !exacts.has(number) && (unknown.length > 0
        || needed.some(([term, bit]) => !(sums.bits[number] & bit) && !open(term, number)));
      const holds = (number) => exacts.has(number) || (!unknown.length && needed.every(([, bit]) => sums.bits[number] & bit));
      const isFar = !isFound && best() < FAR * (sums.whole + lost);
      const isSlip = !isQuick && !isFound && !parsed.phrases.length && letters.length > 2 && letters.length <= 10
        && best() < SLIP * (sums.whole + lost);
      if (isSlip) {
        // a slip breaks two of the pairs of characters: titles with the others
        const doubtful = contract.letters(absent.join(""));
        const few = distinct(doubtful.concat(letters)).slice(0, LETTERS).filter((letter) => !asked.has(letter));
        (await Promise.all(few.map((letter) => posting(index, letter)))).forEach((one) => {
          asked.set(one.term, one);
          one.isLetter = true;
          one.idf *= LETTER;
          sums.add(one);
        });
      }
      exacts.forEach((number) => {
        if (!sums.bits[number]) sums.touched.push(number);
      });
      const required = joined(parsed.phrases.map((phrase) => phrase.terms)).filter((term) => asked.has(term));
      const places = required.map((term) => sums.terms.indexOf(asked.get(term)));
      const [banned, lapsed] = await aside;
      const most = best() / (sums.whole || 1);
      const floor = isSlip ? 0.5 : WEAK;
      // a number that no document bears may stand in the text of one
      const isNear = isNumber ? nextTo(index, parsed, sums, asked) : null;
      const isFit = isNumber ? (number) => holds(number) || isNear(number)
        : isSlip ? isLike(sums, parsed.rest) : () => true;
      const good = [];
      const weak = [];
      let doubted = [];
      for (const number of isFar && !isSlip ? [] : sums.touched) {
        if (banned.has(number) || places.some((place) => place < 0 || !((sums.bits[number] >> place) & 1))) continue;
        if (!exacts.has(number) && !isFit(number)) {
          if (isSlip) doubted.push(number);
          continue;
        }
        const share = shareOf(index, sums, number);
        if (exacts.has(number) || isNumber || share >= GOOD * most - 1e-9) good.push(number);
        else if (share >= floor * most) weak.push(number);
      }
      const isMeant = isSlip && !good.length && !weak.length;
      if (isMeant) {
        // no pair is right: titles with nearly all of the letters, if their cards show the word
        const own = sums.terms.map((term, n) => (term.isLetter ? 1 << n : 0)).filter(Boolean);
        const held = (number) => own.filter((bit) => sums.bits[number] & bit).length;
        doubted = doubted.filter((number) => held(number) >= Math.max(2, Math.min(LETTERS, letters.length) - 1));
        good.push(...doubted.sort((a, b) => sums.score[b] - sums.score[a]).slice(0, ENOUGH));
      }
      const hits = good.length < ENOUGH && !exacts.size && !parsed.phrases.length ? good.concat(weak) : good;
      const hasFull = hits.some((number) => !lacks(number));
      return {
        parsed, sums, asked, exacts, lapsed, isSlip, isLong, isMeant, across, holds, hasFull,
        said: new Map(), // whether hits say a quoted phrase; null: it cannot be told
        hits: new Set(hits),
        missing: missed && !(isNumber && hits.some(holds)) ? missed.text : "",
        isWeak: (number) => hasFull && lacks(number),
        isShort: !isFound && (absent.length > 0 || most < 0.999),
        isLower: sums.terms.some((term) => term.isHeavy && term.parts.size < index.overflow.length),
      };
    }

    // What tells whether a document of a slip has something of the query: a name, a number, or pairs
    // that make up half of the characters of a word.
    function isLike(sums, rest) {
      const words = runsOf(rest).filter((run) => run.length > 1);
      const count = (text) => contract.letters(text).length;
      const known = new Map(); // many documents hold the same terms
      const judge = (bits) => {
        const held = sums.terms.filter((term, n) => !term.isLetter && (bits >> n) & 1).map(({ term }) => term);
        return held.some((term) => /^[a-z0-9#~=]/.test(term))
          || words.some((run) => count(held.filter((term) => run.includes(term)).join("")) >= count(run) / 2);
      };
      return (number) => {
        const bits = sums.bits[number];
        if (!known.has(bits)) known.set(bits, judge(bits));
        return known.get(bits);
      };
    }

    // What tells whether a document comes close to a number that none bears: it names that number,
    // or it has the same mark or agency code and the same year.
    function nextTo(index, { numbers, terms, text }, sums, asked) {
      const bitOf = (term) => 1 << sums.terms.indexOf(asked.get(term));
      const keys = numbers.filter((key) => asked.has(key) && asked.get(key).df).map(bitOf);
      const years = numbers.map((key) => key.slice(1, 5)).concat(numbers.length ? [] : text.match(/(?:19|20)\d\d/g) || []);
      const marks = terms.filter((term) => !/^\d+$/.test(term));
      const isKnown = marks.length > 0 && marks.every((term) => asked.has(term) && asked.get(term).df);
      const bits = isKnown ? marks.map(bitOf) : [];
      return (number) => keys.some((bit) => sums.bits[number] & bit)
        || (isKnown && bits.every((bit) => sums.inTitle[number] & bit) && years.includes(yearOf(index, number)));
    }

    // The weight of a term in a document that holds it.
    function weightIn(term, number) {
      for (const [numbers, weights] of term.lists) {
        let [low, high] = [0, numbers.length];
        while (low < high) {
          const middle = (low + high) >> 1;
          if (numbers[middle] < number) low = middle + 1;
          else high = middle;
        }
        if (numbers[low] === number) return weights[low] & 127;
      }
      return 0;
    }

    // lunr's scores of a few documents, from an index of just the query's terms. One field with the
    // weights of all fields summed gives the scores that lunr adds up of several.
    function lunrScores(index, sums, numbers) {
      const { lunr } = self;
      const { terms, bits } = sums;
      const refs = terms.map(() => ({}));
      const vectors = numbers.map((number) => {
        const elements = [];
        terms.forEach((term, n) => {
          if (!((bits[number] >> n) & 1)) return;
          refs[n][number] = {};
          elements.push(n, term.idf * index.weights[weightIn(term, number)]);
        });
        return ["all/" + number, elements];
      });
      const postings = terms.map((term, n) => [term.term, { _index: n, all: refs[n] }]);
      const built = lunr.Index.load({
        version: lunr.version,
        fields: ["all"],
        fieldVectors: vectors,
        invertedIndex: postings.sort((a, b) => (a[0] < b[0] ? -1 : 1)),
        pipeline: [],
      });
      const found = built.query((query) => terms.forEach(({ term }) => query.term(term, {})));
      return new Map(found.map(({ ref, score }) => [Number(ref), score]));
    }

    // Hits by relevance, the newest first among equals, or by time; each with its score.
    function rank(index, state, numbers, order) {
      const { sums, exacts, lapsed, isWeak } = state;
      const aged = sums.terms.length === 1 ? AGED_ALONE : AGED;
      const final = (number, score) => (exacts.has(number) ? EXACT : 0) + value(index, sums, number, score)
        * (lapsed.has(number) ? LAPSED : 1) * (1 - aged * (1 - number / index.size));
      const byScore = (number) => final(number, lunrScore(sums, number));
      // one number holds both: what to sort by, and the document
      const sorted = (list, worth) => Array.from(
        Float64Array.from(list, (number) => Math.round(worth(number) * 1e5) * 2097152 + number).sort().reverse(),
        (both) => both % 2097152);
      const scored = (list, worth) => list.map((number) => [number, worth(number)]);
      if (order === "time") return scored(sorted(numbers, (number) => (isWeak(number) ? 0 : 1)), byScore);
      const all = sorted(numbers, byScore);
      const best = all.slice(0, SCORED);
      const scores = lunrScores(index, sums, best);
      const byLunr = (number) => final(number, scores.get(number) || 0);
      return scored(sorted(best, byLunr), byLunr).concat(scored(all.slice(SCORED), byScore));
    }

    // What tells for each filter in use whether a document passes it.
    function filtersOf(index, filters) {
      const wanted = Object.keys(filters || {}).filter((name) => (filters[name] || []).length);
      return Promise.all(wanted.map((name) => {
        const codes = new Set(filters[name].map(String));
        if (name === "year") return { name, passes: (number) => codes.has(yearOf(index, number)) };
        if (!FACETS.includes(name)) return { name, passes: () => true };
        const places = index.facts.facets[name].values.map(([code]) => code !== "" && codes.has(code));
        return index.facet(name).then((place) => ({ name, passes: (number) => places[place(number)] || false }));
      }));
    }

    function yearOf(index, number) {
      const { years } = index.facts;
      let at = years.length - 1;
      while (at > 0 && years[at][1] > number) at -= 1;
      return at < 0 ? "" : String(years[at][0]);
    }

    const asText = (query) => String(query === undefined || query === null ? "" : query).slice(0, 200);
    const isFiltered = (filters) => Object.keys(filters || {}).some((name) => (filters[name] || []).length);

    // How well a title that is at hand answers the query as a whole.
    function fit(state, card) {
      const asked = contract.squeeze(state.parsed.rest);
      if (asked && contract.squeeze(card.title) === asked) return 2;
      if (state.isShort && !state.hasFull && isNearly(state.parsed, card.title)) return NEAR;
      if (!state.isLong) return 1;
      const held = new Set(contract.terms([card.title, card.document_number, card.summary].join("\n")));
      return 0.5 + state.parsed.terms.filter((term) => held.has(term)).length / state.parsed.terms.length;
    }

    function page(url) {
      return load("../" + url, (data) => {
        const html = textOf(data);
        return { text: words(html), hasFiles: html.includes("class=\"gk-files\"") };
      });
    }

    // Tell whether a hit says the quoted words as they are: on its card, else on its page, which is
    // read while `may` lets it. Attachments are not on the page; null where nothing is proved.
    async function isSaid(index, phrases, card, may) {
      const left = phrases.map((phrase) => compact(phrase.text)).filter((text) => !compact(
        [card.title, card.document_number, card.index, card.summary].join("\n")).includes(text));
      if (!left.length) return true;
      if (/^file:/.test(base) || !may()) return null;
      try {
        const { text, hasFiles } = await page(card.url);
        const says = () => left.every((wanted) => compact(text).includes(wanted));
        if (says()) return true;
        if (hasFiles) return null;
        if (!isForeign(text)) return false;
        await index.variants();
        return says();
      } catch (error) {
        return null;
      }
    }

    // Quoted phrases that the index cannot tell of alone: it knows single terms.
    const doubtsOf = ({ phrases }) => phrases.filter(({ text, terms }) => text !== terms[0]);

    const isNearly = (parsed, title) => runsOf(parsed.rest).some((run) => run.length > 2
      && (compact(title).includes(run) || nearly(run, [title]).length > 0));

    // Hits from a place on, with their cards; those that do not say a quoted phrase give way. Whoever
    // comes later must look at all before, and what was found of a hit once stays.
    async function show(index, state, ranked, from, size, pages) {
      const { parsed, said } = state;
      const phrases = doubtsOf(parsed);
      const isDoubted = phrases.length > 0 || state.isMeant;
      let left = pages;
      const may = () => (left -= 1) >= 0;
      const kept = [];
      for (let at = isDoubted ? 0 : from; at < ranked.length && kept.length < (isDoubted ? from : 0) + size;) {
        const next = ranked.slice(at, at + size + (isDoubted ? from : 0) - kept.length);
        at += next.length;
        if (isDoubted) {
          await Promise.all(next.filter(([number]) => !said.has(number)).map(async ([number]) => {
            // to go through many cards for a later page is not worth it
            if (phrases.length && left <= 0) said.set(number, null);
            else {
              const card = await index.card(number);
              said.set(number, state.isMeant ? isNearly(parsed, card.title) : await isSaid(index, phrases, card, may));
            }
          }));
        }
        kept.push(...next.filter(([number]) => said.get(number) !== false));
      }
      const shown = isDoubted ? kept.slice(from) : kept;
      const cards = await Promise.all(shown.map(([number]) => index.card(number)));
      return shown.map(([number, score], n) => ({
        number,
        card: cards[n],
        score,
        isExact: state.exacts.has(number),
        isLapsed: state.lapsed.has(number),
        isWeak: state.isWeak(number),
        isUnproven: said.get(number) === null,
      }));
    }

    const isExclusion = (word) => /^[-\uff0d\ufe63]./.test(word);

    // Which of the words as typed are anywhere in the index, as far as their terms were asked for.
    function wordsFound(index, state) {
      return state.parsed.words.filter((word) => !isExclusion(word)).map((text) => {
        const { numbers, concepts, terms } = parse(text, index.facts);
        const known = numbers.concat(concepts, terms).filter((term) => state.asked.has(term));
        return { text, found: state.exacts.size > 0 || known.every((term) => state.asked.get(term).df > 0) };
      });
    }

    // What to highlight, the longest first: quoted phrases as they are, and of a run the stretches
    // that the shown texts have; pairs inside of those or across two words would mark odd fragments.
    function marksOfQuery(index, { parsed, asked, across }, hits) {
      const names = parsed.concepts.map((name) => name.slice(1));
      const alike = index.facts.synonyms.filter((group) => names.includes(group[0]));
      const numbers = parsed.numbers.map((key) => key.slice(1).replace("-", "\u3015") + "\u53f7");
      const texts = hits.map(({ card }) => compact(card.title + "\n" + card.summary));
      const isIn = (stretch) => texts.some((text) => text.includes(stretch));
      const runs = joined(runsOf(parsed.rest).map((run) => run.match(/[a-z0-9]+|[^a-z0-9]+/g)));
      const found = joined(runs.map((run) => {
        const pairs = contract.cut(run);
        const odd = new Set(across);
        const long = [];
        for (let size = run < "\u3007" ? 0 : Math.min(run.length, 20); size > 2; size -= 1) {
          for (let at = 0; at + size <= run.length; at += 1) {
            const stretch = run.slice(at, at + size);
            if (contract.cut(stretch).length !== size - 1 || long.some((one) => one.includes(stretch)) || !isIn(stretch)) continue;
            long.push(stretch);
            // every second pair, of which the more common ones are likely words
            const sums = [0, 0];
            contract.cut(stretch).forEach((pair, n) => (sums[n % 2] += asked.has(pair) ? asked.get(pair).df : 0));
            for (let n = sums[1] > sums[0] ? 0 : 1; n + 1 < size; n += 2) odd.add(stretch.substr(n, 2));
          }
        }
        const rest = pairs.filter((pair) => !odd.has(pair));
        return long.concat(rest.length || long.length ? rest : pairs);
      }));
      const all = distinct(parsed.phrases.map((phrase) => phrase.text).concat(found, numbers, ...alike));
      const longer = all.filter((mark) => mark.length > 1);
      return (longer.length ? longer : all).sort((a, b) => b.length - a.length);
    }

    // The query as typed with one word as titles write it: "did you mean".
    async function meant(index, state, query, hits) {
      const titles = hits.map((hit) => hit.card.title);
      const texts = titles.map(compact);
      const plain = normalise(query);
      for (const run of runsOf(state.parsed.rest)) {
        const typed = Array.from(run);
        const isWhole = compact(plain) === run;
        if (typed.length < (isWhole ? 3 : 4) || typed.length > 20 || texts.some((text) => text.includes(run))) continue;
        const dfOf = async (pair) => (state.asked.get(pair) || (await posting(index, pair))).df;
        for (const [stretch, { head, tail, titles: count, isWhole: isBordered }] of nearly(run, titles).slice(0, 2)) {
          // one title may say anything: the shorter the run, the more titles must agree
          if (count < 2 && typed.length < 5) continue;
          const changed = contract.cut(typed.slice(Math.max(0, head - 1), typed.length - tail + 1).join(""));
          const letters = Array.from(stretch);
          const end = contract.cut((head ? letters.slice(-2) : letters.slice(0, 2)).join(""));
          if (head && tail ? false : !isBordered && !end.every(index.isCommon)) continue;
          const counts = await Promise.all(changed.map(dfOf));
          if (!counts.includes(0)) continue;
          if (counts.some((df) => df > 0)) {
            // by chance a wrong pair stands somewhere, more seldom than the right ones
            const right = contract.cut(letters.slice(Math.max(0, head - 1), letters.length - tail + 1).join(""));
            const others = await Promise.all(right.map(dfOf));
            if (Math.max(...counts) * 2 > Math.min(...others)) continue;
          }
          return (query.includes(run) ? query : plain).replace(run, () => stretch).replace(/\s+/g, " ").trim();
        }
      }
      return null;
    }

    async function search(index, { q, filters, order, from, size }) {
      const query = asText(q);
      const [first, count] = [from || 0, size || 10];
      const isDeep = isFiltered(filters) || order === "time";
      const [state, tests] = await Promise.all([
        gather(index, query, isDeep, first + count), filtersOf(index, filters)]);
      const passing = Array.from(state.hits).filter((number) => tests.every((test) => test.passes(number)));
      const ranked = rank(index, state, passing, order);
      const showing = show(index, state, ranked, first, count, CHECKED);
      state.showing = showing.catch(() => {}); // who counts meanwhile waits for what it refuses
      const hits = await showing;
      if (!first && order !== "time") {
        const isAbout = /解读/.test(state.parsed.text);
        hits.forEach((hit) => (hit.score *= fit(state, hit.card) * (hit.card.kind === "interpretation" && !isAbout ? ABOUT : 1)));
        hits.sort((a, b) => b.score - a.score || b.number - a.number);
      }
      const left = (numbers) => numbers.filter((number) => state.said.get(number) !== false);
      const listed = left(passing);
      const total = listed.length;
      const isDoubted = doubtsOf(state.parsed).length > 0 && listed.some((number) => !state.said.has(number));
      // of one term alone it is known how many documents hold it
      const isOne = state.sums.terms.length === 1 && total === state.hits.size && !state.parsed.excluded.length;
      const all = isOne && total ? Math.max(state.sums.terms[0].df, total) : total;
      const full = listed.filter(state.holds).length;
      const isShort = state.isShort && hits.length > 0;
      const typed = state.parsed.words.filter((word) => !isExclusion(word) && !index.facts.noise.includes(normalise(word)));
      const isPartial = isShort && typed.length > 1 && !state.hasFull;
      return {
        total: all,
        full: full === total ? all : full,
        isLower: (state.isLower && total > 0 && !isOne) || isDoubted,
        isAbout: isDoubted,
        isPartial,
        isLoose: isShort && !isPartial,
        missing: state.missing,
        hits,
        words: wordsFound(index, state),
        marks: marksOfQuery(index, state, hits),
        suggestion: isShort && !state.hasFull ? await meant(index, state, query, hits) : null,
        hidden: left(Array.from(state.hits)).length - total,
        excludedOnly: state.parsed.excluded.length > 0 && !state.asked.size,
      };
    }

    // How many hits each class holds; a facet's own filter does not count for it.
    async function facets(index, { q, filters }) {
      const query = asText(q);
      const [state, tests, places] = await Promise.all([
        gather(index, query, isFiltered(filters), 10),
        filtersOf(index, filters),
        Promise.all(FACETS.map((name) => index.facet(name))),
      ]);
      await state.showing;
      const counts = FACETS.map((name) => new Array(index.facts.facets[name].values.length).fill(0));
      const years = new Map(index.facts.years.map(([year]) => [String(year), 0]));
      state.hits.forEach((number) => {
        if (state.said.get(number) === false) return;
        const failed = tests.filter((test) => !test.passes(number));
        if (failed.length > 1) return;
        const counted = (name) => !failed.length || failed[0].name === name;
        FACETS.forEach((name, n) => {
          if (counted(name)) counts[n][places[n](number)] += 1;
        });
        const year = yearOf(index, number);
        if (counted("year")) years.set(year, (years.get(year) || 0) + 1);
      });
      const chosen = (name) => [].concat((filters || {})[name] || []).map(String);  // named though nothing is left
      const found = {};
      FACETS.forEach((name, n) => {
        found[name] = index.facts.facets[name].values.map(([code, label], place) => [code, label, counts[n][place]])
          .filter(([code, , count]) => code !== "" && count);
      });
      found.year = Array.from(years).filter(([year, count]) => count || chosen("year").includes(year)).reverse().map(([year, count]) => [year, year, count]);
      return found;
    }

    // Titles and numbers as one types: documents that hold the query where it stands out.
    async function suggest(index, q, size) {
      const state = await collect(index, await partsOf(index, asText(q)), true);
      const { sums, exacts } = state;
      const weightOf = (number) => sums.terms.reduce((sum, term, n) => sum + (((sums.inTitle[number] >> n) & 1) ? term.idf : 0), 0);
      const numbers = Array.from(state.hits).filter((number) => exacts.has(number) || weightOf(number) >= GOOD * sums.whole);
      const shown = await show(index, state, rank(index, state, numbers).slice(0, size || 6), 0, size || 6, 0);
      return shown.map(({ card, isExact }) => Object.assign({ isExact }, card));
    }

    // The address of the one document that a query names by its 文号 or 索引号.
    async function exact(index, q) {
      const found = await Promise.all(identifiers(await partsOf(index, asText(q))).map((key) => posting(index, key)));
      const numbers = distinct(joined(found.map((one) => one.numbers)));
      return numbers.length === 1 ? (await index.card(numbers[0])).url : null;
    }

    return {
      open: (given) => openIndex(given).then(({ size, facts }) => {
        const labels = {};
        FACETS.forEach((name) => {
          labels[name] = {};
          facts.facets[name].values.forEach(([code, label]) => code !== "" && (labels[name][code] = label));
        });
        return { documents: size, labels };
      }),
      search: (options) => withIndex((index) => search(index, options)),
      facets: (options) => withIndex((index) => facets(index, options)),
      suggest: (q, size) => withIndex((index) => suggest(index, q, size)),
      exact: (q) => withIndex((index) => exact(index, q)),
      context: (url, marks) => (/^file:/.test(base) ? Promise.resolve(null)
        : page(url).then(({ text }) => stretch(text, marks || []), () => null)),
      // what was read since the last time one asked so
      stats(isReset) {
        const told = used;
        if (isReset) used = { requests: 0, bytes: 0, files: [] };
        return Promise.resolve(told);
      },
    };
  }

  self.gongkaiSearch.create = create;

  if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
    const engine = create({ base: self.location.href.replace(/[^/]*([?#].*)?$/, "") });
    self.onmessage = ({ data: { id, method, args } }) => Promise.resolve([])
      .then(() => engine[method](...[].concat(args)))
      .then((result) => self.postMessage({ id, result }), (error) => self.postMessage({
        id, error: { kind: error.kind || "error", file: error.file || "", message: String(error.message) } }));
  }
})();
