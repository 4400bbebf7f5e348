// Text into search terms, by the contract that the build and the browser share.
// plugins/gongkai/kernel/terms.py does the same; tests/segment.json holds the cases of both.
(function () {
  "use strict";

  const HAN = "\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3134a}";
  const RUN = new RegExp("([" + HAN + "]+)|([a-z0-9]+)", "gu");
  const ONE_HAN = new RegExp("^[" + HAN + "]$", "u");
  const NOT_IDENTIFYING = new RegExp("[^" + HAN + "a-z0-9]|[\\u7b2c\\u53f7]", "gu");
  const RUN_LIMIT = 40;
  const OTHER = Math.pow(2, 39);
  const YEAR = "((?:19|20)[0-9]{2})";
  const CLOSING = "[\\u3015\\]\\u3011)\\u3017\\u3009\\u300b]";
  // 〔2024〕12号 in whatever brackets, and 2024年第12号
  const NUMBER = YEAR + " ?(?:" + CLOSING + " ?第? ?|年 ?第 ?)([0-9]{1,5}) ?号";
  // what readers type besides: 2024-12号, 202412号, 〔2024〕12
  const TYPED = [
    NUMBER,
    YEAR + " ?(?:年|[ \\-.·/]+) ?第? ?([0-9]{1,5}) ?号",
    YEAR + "第?([0-9]{1,4})号",
    YEAR + " ?" + CLOSING + " ?第? ?([0-9]{1,5})(?![0-9])",
  ].map((form) => new RegExp(form, "g"));
  const QUOTED = "\"[^\"]*\"|“[^”]*”|「[^」]*」|『[^』]*』";
  const SPECIAL = new RegExp("(" + QUOTED + ")|(^|\\s)-(" + QUOTED + "|\\S+)", "g");

  let simplified = new Map();

  // The table of traditional characters: two lines, the second in step with the first.
  function setVariants(text) {
    const [from, to] = text.split("\n").map((line) => Array.from(line));
    simplified = new Map(from.map((letter, at) => [letter, to[at]]));
  }

  function normalise(text) {
    const plain = text.normalize("NFKC");
    if (!simplified.size) return plain.toLowerCase();
    return Array.from(plain, (letter) => simplified.get(letter) || letter).join("").toLowerCase();
  }

  function cut(normal) {
    const found = [];
    for (const run of normal.match(RUN) || []) {
      if (run < "\u3007") {
        found.push(run.slice(0, RUN_LIMIT));
        continue;
      }
      const letters = Array.from(run);
      if (letters.length === 1) found.push(run);
      for (let at = 0; at + 1 < letters.length; at += 1) found.push(letters[at] + letters[at + 1]);
    }
    return found;
  }

  const squeeze = (text) => normalise(text).replace(NOT_IDENTIFYING, "");
  const distinct = (list) => Array.from(new Set(list));
  const letters = (normal) => distinct(Array.from(normal).filter((letter) => ONE_HAN.test(letter)));

  // Replace what each form of a document number finds by a blank; `found` hears of its key and text.
  function cutNumbers(normal, found) {
    return TYPED.reduce((text, form) => text.replace(form, (all, year, serial, at, whole) => {
      // old browsers know no look-behind; 12024〕5号 names no year
      if (/[0-9]/.test(whole.charAt(at - 1))) return all;
      found("#" + year + "-" + Number(serial), all);
      return " ";
    }), normal);
  }

  // Replace words by a blank, from left to right and the longest first; `found` hears of each.
  function cutWords(normal, words, found) {
    const wanted = words.filter(Boolean).sort((a, b) => b.length - a.length);
    if (!wanted.length) return normal;
    const any = wanted.map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|");
    return normal.replace(new RegExp(any, "g"), (word) => {
      found(word);
      return " ";
    });
  }

  // Keys and terms of a stretch of a query.
  function read(normal, names, noise) {
    const numbers = new Map();
    const concepts = [];
    let rest = cutNumbers(normal, (key, typed) => numbers.has(key) || numbers.set(key, typed));
    rest = cutWords(rest, Array.from(names.keys()), (word) => concepts.push("~" + names.get(word)));
    const bare = cutWords(rest, noise, () => {});
    if (numbers.size || concepts.length || RUN.test(bare)) rest = bare;
    RUN.lastIndex = 0;
    // one character left over beside what was cut out says nothing
    const own = new Set(cut(normal));
    if (numbers.size || concepts.length || cut(rest).some((term) => !ONE_HAN.test(term))) {
      rest = rest.replace(RUN, (run) => (ONE_HAN.test(run) && !own.has(run) ? " " : run));
    }
    return {
      numbers: Array.from(numbers.keys()),
      numbersTyped: Array.from(numbers.values()),
      concepts: distinct(concepts),
      terms: distinct(cut(rest)),
      rest,
    };
  }

  // A query as typed into what it asks for; `site` holds the synonyms and the noise of the site.
  function parse(query, site) {
    const names = new Map();
    for (const group of (site && site.synonyms) || []) {
      for (const word of group) if (!names.has(word)) names.set(word, group[0]);
    }
    const noise = (site && site.noise) || [];
    const text = normalise(query);
    const phrases = [];
    const excluded = [];
    let whole = "";
    let at = 0;
    const rest = text.replace(SPECIAL, (all, quoted, before, word, start) => {
      whole += text.slice(at, quoted ? start + all.length : start) + " ";
      at = start + all.length;
      const held = quoted ? quoted.slice(1, -1).trim() : word;
      const inside = quoted ? { terms: distinct(cut(held)) } : read(held, names, []);
      if (quoted && inside.terms.length) phrases.push({ text: held, terms: inside.terms });
      const keys = quoted ? [] : inside.numbers.concat(inside.concepts, inside.terms);
      if (keys.length) excluded.push({ text: held, terms: keys });
      return " ";
    });
    const key = squeeze(whole + text.slice(at));
    const size = Array.from(key).length;
    const found = read(rest, names, noise);
    return {
      exact: size >= 4 && size <= 60 && /[0-9]/.test(key) ? "=" + key : null,
      text,
      numbers: found.numbers,
      numbersTyped: found.numbersTyped,
      concepts: found.concepts,
      terms: distinct(found.terms.concat(...phrases.map((phrase) => phrase.terms))),
      phrases,
      excluded,
      words: query.split(/\s+/).filter(Boolean),
      rest: found.rest,
    };
  }

  function hash39(term) {
    let a = 0x9dc5811c;
    let b = 0x811c9dc5;
    for (let at = 0; at < term.length; at += 1) {
      const unit = term.charCodeAt(at);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ unit, 0x85ebca6b);
      b ^= b >>> 13;
    }
    a = Math.imul(a ^ (a >>> 16), 0x7feb352d);
    a ^= a >>> 15;
    b ^= b >>> 15;
    return (b & 0x7f) * 4294967296 + (a >>> 0);
  }

  // The 40-bit number of a term: readable for Chinese characters of the BMP, else a hash.
  function keyOf(term) {
    if (term.length < 3 && ONE_HAN.test(term[0]) && (term.length < 2 || ONE_HAN.test(term[1]))) {
      return term.charCodeAt(0) * 65536 + (term.length < 2 ? 0 : term.charCodeAt(1));
    }
    return OTHER + hash39(term);
  }

  const contract = { normalise, terms: (text) => cut(normalise(text)), cut, letters, parse, squeeze, hash39, keyOf, setVariants };
  self.gongkaiSearch = { contract };
})();
