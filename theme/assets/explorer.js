// Compare agencies by an indicator over years: a drawing and a table from the data that the build wrote.
(function () {
  "use strict";

  const root = document.querySelector("[data-gk-explore]");
  if (!root) return;
  const SVG = "http://www.w3.org/2000/svg";
  const DRAWN = 12;
  const FIRST = 4;
  // the measures of plugins/gongkai/views/chart.py: em down, shares of the width across
  const [NARROW, WIDE, LEADING, BAR, PLOT, OVERHANG] = [15, 30, 1.5, 0.85, 4.6, 0.5];
  const DASHES = ["", "6 3", "2 3", "8 3 2 3"];
  const POINTS = [
    ["circle", { r: 3.6 }],
    ["rect", { x: -3.3, y: -3.3, width: 6.6, height: 6.6 }],
    ["path", { d: "M0-4.4 4.2 3.2-4.2 3.2z" }],
    ["path", { d: "M0-4.6 4.6 0 0 4.6-4.6 0z" }],
  ];
  const find = (name) => root.querySelector("[data-gk-" + name + "]");
  const form = find("form");
  const [indicator, from, to] = [find("indicator"), find("from"), find("to")];
  const [told, result, failed] = [find("told"), find("result"), find("error")];
  const boxes = Array.from(form.querySelectorAll("input[name=a]"));
  const years = Array.from(from.options, (option) => Number(option.value));

  function word(name, facts) {
    const text = root.dataset["word" + name[0].toUpperCase() + name.slice(1)] || "";
    return text.replace(/\{(\w+)\}/g, (all, key) => (facts && key in facts ? facts[key] : all));
  }

  function node(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function shape(name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== "") made.setAttribute(key, value);
    }
    if (text !== undefined) made.textContent = text;
    return made;
  }

  const em = (value) => Number(value.toFixed(2)) + "em";
  const part = (value) => Number((value * 100).toFixed(2)) + "%";
  const amount = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 6 });

  function widthOf(text) {
    let width = 0;
    for (const letter of text) width += letter > "\u00ff" ? 1 : /[.,:;'|!il ]/.test(letter) ? 0.35 : 0.62;
    return width;
  }

  function wrapped(text, width) {
    const lines = [""];
    for (const letter of text) {
      if (widthOf(lines[lines.length - 1] + letter) > width) lines.push("");
      lines[lines.length - 1] += letter;
    }
    return lines;
  }

  // data: what there is to compare

  function fromTable(table) {
    const values = {};
    const marks = {};
    table.querySelectorAll("tr[data-agency]").forEach((row) => {
      const agency = row.dataset.agency;
      values[agency] = {};
      marks[agency] = {};
      row.querySelectorAll("td[data-value]").forEach((cell) => {
        values[agency][cell.dataset.year] = cell.dataset.value === "" ? null : cell.dataset.value;
        marks[agency][cell.dataset.year] = cell.dataset.marks || "";
      });
    });
    const { indicator: key, unit } = table.dataset;
    const label = table.caption.textContent;
    return {
      indicators: new Map([[key, { key, label, unit, stock: "stock" in table.dataset }]]),
      values: { [key]: values },
      marks: (agency, year) => (marks[agency] || {})[year] || "",
    };
  }

  function fromSeries(data) {
    if (data.version !== 1) throw new Error("series version " + data.version);
    const has = (side, agency, year) => (data[side][agency] || []).includes(Number(year));
    return {
      indicators: new Map(data.indicators.map((one) => [one.key, one])),
      values: data.values,
      marks: (agency, year) => (has("as_printed", agency, year) ? word("original") : "")
        + (has("consolidated", agency, year) ? word("together") : ""),
    };
  }

  function load() {
    if (!root.dataset.series) return Promise.resolve(fromTable(document.querySelector("[data-gk-table]")));
    return fetch(root.dataset.series).then((answer) => {
      if (!answer.ok) throw new Error(root.dataset.series + " " + answer.status);
      return answer.json();
    }).then(fromSeries);
  }

  // state: what is chosen, in the form and in the address

  function chosen(model) {
    const key = indicator ? indicator.value : model.indicators.keys().next().value;
    const [first, last] = [Number(from.value), Number(to.value)];
    return {
      key,
      agencies: boxes.filter((box) => box.checked).map((box) => box.value),
      from: Math.min(first, last),
      to: Math.max(first, last),
    };
  }

  function address(state) {
    const asked = new URLSearchParams();
    if (indicator) asked.set("i", state.key);
    asked.set("a", state.agencies.join(","));
    asked.set("y", state.from + "-" + state.to);
    return "?" + asked.toString().replaceAll("%2C", ",");
  }

  function keep(state) {
    if (location.search === address(state)) return;
    try {
      history.pushState(null, "", address(state));
    } catch (error) {
      // a page opened from a disk keeps its address
    }
  }

  const holds = (model, key, agency) => Boolean((model.values[key] || {})[agency]);

  // Put the address into the form; tell whether it named something that is not here.
  function restore(model) {
    const asked = new URLSearchParams(location.search);
    const wanted = (asked.get("a") || "").split(",").filter(Boolean);
    const known = wanted.filter((agency) => boxes.some((box) => box.value === agency));
    let isStrange = known.length < wanted.length;
    if (indicator) {
      const key = asked.get("i");
      const isKnown = key !== null && model.indicators.has(key);
      isStrange = isStrange || (key !== null && !isKnown);
      const fitting = Array.from(model.indicators.keys()).find((one) => known.some((a) => holds(model, one, a)));
      indicator.value = isKnown ? key : fitting || model.indicators.keys().next().value;
    }
    const span = (asked.get("y") || "").match(/^(\d{4})(?:-(\d{4}))?$/);
    const inside = span ? years.filter((year) => year >= Number(span[1]) && year <= Number(span[2] || span[1])) : [];
    isStrange = isStrange || (asked.has("y") && !inside.length);
    from.value = inside.length ? inside[0] : years[0];
    to.value = inside.length ? inside[inside.length - 1] : years[years.length - 1];
    const key = chosen(model).key;
    const holders = boxes.map((box) => box.value).filter((agency) => holds(model, key, agency));
    // who counts others too does not stand beside them unless asked for
    const alone = holders.filter((agency) => !years.some((year) => model.marks(agency, year).includes(word("together"))));
    const ticked = known.length || asked.has("a") ? known : (alone.length ? alone : holders).slice(0, FIRST);
    boxes.forEach((box) => { box.checked = ticked.includes(box.value); });
    return isStrange;
  }

  // drawing: the look of the charts that the build makes

  function words(text, x, y, kind, anchor) {
    return shape("text", { x, y: em(y), class: "gk-chart__" + kind, "text-anchor": anchor || "" }, text);
  }

  function rule(x1, y1, x2, y2, kind, dash) {
    return shape("line", { x1, y1: em(y1), x2, y2: em(y2), class: "gk-chart__" + kind, "stroke-dasharray": dash || "" });
  }

  function point(n, x, y) {
    const made = shape("svg", { class: "gk-chart__mark", x, y: em(y), width: "1em", height: "1em", viewBox: "0 0 12 12", overflow: "visible" });
    const [name, attributes] = POINTS[n % POINTS.length];
    made.append(shape(name, attributes));
    return made;
  }

  function drawing(kind, title, said, parts, height) {
    const made = shape("svg", { class: "gk-chart__svg gk-chart__svg--" + kind, role: "img", "aria-labelledby": "gk-drawn-t gk-drawn-d", width: "100%", height: em(height) });
    made.append(shape("title", { id: "gk-drawn-t" }, title), shape("desc", { id: "gk-drawn-d" }, said), ...parts);
    return made;
  }

  // Labels that would run into one already there are shown on wide screens only, or not at all.
  function labels(wanted) {
    const taken = { [NARROW]: [], [WIDE]: [] };
    const made = [];
    wanted.forEach(([x, text, y, kind]) => {
      const half = widthOf(text) / 2 + 0.15;
      let [anchor, at] = ["middle", part(x)];
      if (x * NARROW < half - OVERHANG) [anchor, at] = ["start", "0"];
      else if ((1 - x) * NARROW < half - OVERHANG) [anchor, at] = ["end", "100%"];
      const span = (room) => {
        const begin = { start: 0, middle: x * room - half, end: room - 2 * half }[anchor];
        return [begin, begin + 2 * half];
      };
      const fits = (room) => taken[room].every(([begin, end]) => span(room)[1] <= begin || span(room)[0] >= end);
      if (!fits(WIDE)) return;
      taken[WIDE].push(span(WIDE));
      const isMore = !fits(NARROW);
      if (!isMore) taken[NARROW].push(span(NARROW));
      made.push(words(text, at, y, kind + (isMore ? " gk-chart__more" : ""), anchor));
    });
    return made;
  }

  // The latest, the first, the highest and the lowest are named before the others.
  function byInterest(values) {
    const known = values.map((value, n) => n).filter((n) => values[n] !== null);
    if (!known.length) return [];
    const sorted = [...known].sort((a, b) => values[a] - values[b]);
    const order = [known[known.length - 1], known[0], sorted[sorted.length - 1], sorted[0], ...known.reverse()];
    return Array.from(new Set(order));
  }

  function line(parts, n, y, row, across, most, isStock, gap) {
    parts.push(point(n, "0.45em", y + 0.72));
    wrapped(row.label, NARROW - 1.2).forEach((text) => {
      parts.push(words(text, "1.1em", y + 1.08, "name"));
      y += LEADING;
    });
    const base = y + 1.3 + PLOT;
    const heights = row.values.map((value) => (value === null ? null : base - (most ? (value / most) * PLOT : 0)));
    const dash = DASHES[n % DASHES.length];
    parts.push(rule("0", base, "100%", base, "axis"));
    heights.forEach((right, at) => {
      const left = at ? heights[at - 1] : null;
      if (left === null || right === null || row.breaks[at]) return;
      const [x1, x2] = [part(across[at - 1]), part(across[at])];
      parts.push(rule(x1, left, x2, isStock ? left : right, "line", dash));
      if (isStock && left !== right) parts.push(rule(x2, left, x2, right, "line", dash));
    });
    heights.forEach((height, at) => {
      if (height === null) parts.push(words(gap, part(across[at]), base - 0.3, "none", "middle"));
      else parts.push(point(n, part(across[at]), height));
    });
    parts.push(...labels(byInterest(row.values).map((at) => [across[at], amount(row.values[at]), heights[at] - 0.62, "value"])));
    return base + 0.35;
  }

  // The distance of the years that are named: the least that fits, a power of two.
  function every(shown, room) {
    let distance = 1;
    while ((distance * room) / shown.length < widthOf("2000") + 0.4 && distance < shown.length) distance *= 2;
    return distance;
  }

  function lines(title, said, shown, rows, isStock) {
    const most = Math.max(0, ...rows.flatMap((row) => row.values.filter((value) => value !== null)));
    const across = shown.map((year, n) => (n + 0.5) / shown.length);
    const parts = [];
    let y = 0;
    rows.forEach((row, n) => { y = line(parts, n, y + (n ? 0.4 : 0.1), row, across, most, isStock, word("missing")); });
    y += 0.2;
    shown.forEach((year, at) => {
      const back = shown.length - 1 - at;
      if (back % every(shown, WIDE)) return;
      const isMore = back % every(shown, NARROW) !== 0;
      parts.push(words(String(year), part(across[at]), y + 0.95, "year" + (isMore ? " gk-chart__more" : ""), "middle"));
    });
    return drawing("series", title, said, parts, y + LEADING);
  }

  function bars(title, said, rows, unit) {
    const most = Math.max(0, ...rows.map((row) => row.values[0] || 0));
    const parts = [];
    let y = 0;
    rows.forEach((row, n) => {
      const value = row.values[0];
      const text = value === null ? word("none") : amount(value) + unit;
      y += n ? 0.45 : 0.1;
      const named = wrapped(row.label, NARROW);
      if (widthOf(named[named.length - 1]) + 0.6 + widthOf(text) > NARROW) named.push("");
      named.forEach((name, at) => {
        const made = words(name, "0", y + 1.08, "name");
        if (at === named.length - 1) {
          const kind = value === null ? "none" : "value";
          made.append(shape("tspan", { class: "gk-chart__" + kind, dx: name ? em(0.6) : "" }, text));
        }
        parts.push(made);
        y += LEADING;
      });
      if (most && value) parts.push(shape("rect", { x: "0", y: em(y), width: part(value / most), height: em(BAR), class: "gk-chart__fill" }));
      else if (value !== null) parts.push(rule("0", y, "0", y + BAR, "axis"));
      y += BAR;
    });
    return drawing("bars", title, said, parts, y + 0.2);
  }

  // the answer: a drawing, the same figures as a table, and a sentence that is read out

  function rowOf(model, key, agency, shown) {
    const name = boxes.find((box) => box.value === agency).parentElement.querySelector("[data-gk-name]").textContent.trim();
    const held = (model.values[key] || {})[agency] || {};
    const marks = shown.map((year) => (year in held ? model.marks(agency, year) : ""));
    const together = word("together");
    const given = shown.map((year, n) => n).filter((n) => shown[n] in held);
    const counted = given.filter((n) => marks[n].includes(together));
    return {
      label: name + (counted.length ? word(counted.length < given.length ? "togetherSome" : "togetherAll") : ""),
      texts: shown.map((year) => (!(year in held) ? word("gap") : held[year] === null ? word("blank") : amount(Number(held[year])))),
      marks,
      values: shown.map((year) => (held[year] === undefined || held[year] === null ? null : Number(held[year]))),
      // figures of another scope are not joined by a line
      breaks: marks.map((mark, n) => n > 0 && mark.includes(together) !== marks[n - 1].includes(together)),
    };
  }

  function tableOf(caption, shown, rows) {
    const head = node("tr", null, node("th", { scope: "col" }, word("agency")), ...shown.map((year) => node("th", { scope: "col" }, word("year", { year }))));
    const body = rows.map((row) => node("tr", null, node("th", { scope: "row" }, row.label), ...row.texts.map((text, n) => {
      const isNone = row.values[n] === null;
      const cell = node("td", { class: "gk-table__number" + (isNone ? " gk-series__none" : "") }, text);
      if (row.marks[n]) cell.append(node("span", { class: "gk-series__mark" }, row.marks[n]));
      const said = ["gap", "original", "together"].filter((name) => (text + row.marks[n]).includes(word(name)));
      if (said.length) cell.append(node("span", { class: "gk-unseen" }, said.map((name) => word(name + "Said")).join("")));
      return cell;
    })));
    const table = node("table", null, node("caption", { class: "gk-unseen" }, caption), node("thead", null, head), node("tbody", null, ...body));
    const box = node("div", { class: "gk-table__box", role: "region", tabindex: "0", "aria-label": caption }, table);
    return node("div", { class: "gk-table gk-table--series" }, box);
  }

  // Every year between the first and the last with a figure: a missing year keeps its place.
  function spanOf(model, state) {
    const held = years.filter((year) => year >= state.from && year <= state.to
      && state.agencies.some((agency) => year in ((model.values[state.key] || {})[agency] || {})));
    if (!held.length) return [];
    return Array.from({ length: held[held.length - 1] - held[0] + 1 }, (unused, n) => held[0] + n);
  }

  function answer(model, note) {
    const state = chosen(model);
    const about = model.indicators.get(state.key);
    const shown = spanOf(model, state);
    const before = note ? word("unknown") : "";
    result.replaceChildren();
    if (!state.agencies.length || !shown.length) {
      told.textContent = before + word(state.agencies.length ? "nothing" : "choose");
      return state;
    }
    const rows = state.agencies.map((agency) => rowOf(model, state.key, agency, shown));
    const figures = rows.reduce((sum, row) => sum + row.values.filter((value) => value !== null).length, 0);
    const said = word(shown.length > 1 ? "said" : "saidOne", { indicator: about.label, agencies: rows.length, from: shown[0], to: shown[shown.length - 1], figures });
    told.textContent = before + said + (rows.length > DRAWN ? word("limited", { n: DRAWN }) : "");
    const title = about.label + word("unit", { unit: about.unit });
    const drawn = rows.slice(0, DRAWN);
    if (figures) {
      const picture = shown.length > 1 ? lines(title, said, shown, drawn, about.stock) : bars(title, said, drawn, about.unit);
      const caption = node("figcaption", { class: "gk-chart__caption", "aria-hidden": "true" }, title);
      result.append(node("figure", { class: "gk-chart" }, caption, picture));
    }
    const table = tableOf(title, shown, rows);
    result.append(table);
    table.firstChild.scrollLeft = table.firstChild.scrollWidth;  // the latest years first
    return state;
  }

  function start(model) {
    failed.hidden = true;
    form.hidden = false;
    answer(model, restore(model));
    form.addEventListener("change", () => keep(answer(model, false)));
    form.addEventListener("submit", (event) => event.preventDefault());
    find("clear").addEventListener("click", () => {
      boxes.forEach((box) => { box.checked = false; });
      keep(answer(model, false));
      boxes[0].focus();
    });
    window.addEventListener("popstate", () => answer(model, restore(model)));
  }

  function begin() {
    load().then(start).catch(() => {
      form.hidden = true;
      failed.hidden = false;
    });
  }

  root.hidden = false;
  find("retry").addEventListener("click", begin);
  begin();
})();
