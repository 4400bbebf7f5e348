// Raw DEFLATE (RFC 1951) into bytes: DecompressionStream is missing in old browsers.
(function () {
  "use strict";

  const MOST = 1 << 24; // bytes that one file may become; more is damage or worse
  const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

  // Bases and extra bits of lengths and distances: two rows of the RFC's tables, by their rule.
  function scale(first, size, step) {
    const extra = [];
    const base = [];
    for (let at = 0, from = first; at < size; at += 1) {
      extra.push(Math.max(0, Math.floor(at / step) - 1));
      base.push(from);
      from += 1 << extra[at];
    }
    return { base, extra };
  }

  const LENGTHS = scale(3, 29, 4);
  LENGTHS.base[28] = 258;
  LENGTHS.extra[28] = 0;
  const DISTANCES = scale(1, 30, 2);

  function damaged() {
    throw new Error("damaged data");
  }

  // Code lengths into a table that any bits look up: symbol << 4 | length.
  function table(lengths) {
    const count = new Uint16Array(17);
    let width = 0;
    for (const length of lengths) {
      count[length] += 1;
      if (length > width) width = length;
    }
    count[0] = 0;
    const next = new Uint32Array(17);
    for (let length = 1; length < 16; length += 1) next[length + 1] = (next[length] + count[length]) << 1;
    if (next[width + 1] > 2 << width) damaged();
    const found = new Uint16Array(1 << width);
    lengths.forEach((length, symbol) => {
      if (!length) return;
      let code = next[length];
      next[length] += 1;
      let turned = 0; // codes stand most significant bit first, all else least
      for (let bit = 0; bit < length; bit += 1, code >>= 1) turned = (turned << 1) | (code & 1);
      for (let at = turned; at < found.length; at += 1 << length) found[at] = (symbol << 4) | length;
    });
    return found;
  }

  const filled = (parts) => [].concat(...parts.map(([size, value]) => new Array(size).fill(value)));
  let fixed = null;

  function inflate(data) {
    let out = new Uint8Array(Math.max(1024, data.length * 4));
    let size = 0;
    let at = 0;
    let held = 0; // bits read and not yet used
    let bits = 0;

    function room(more) {
      if (size + more > MOST) damaged();
      if (size + more <= out.length) return;
      const wider = new Uint8Array(Math.max(out.length * 2, size + more));
      wider.set(out);
      out = wider;
    }

    // At the end zeros follow; who uses them is refused.
    function need(wanted) {
      while (bits < wanted) {
        held |= (at < data.length ? data[at] : 0) << bits;
        at += 1;
        bits += 8;
      }
    }

    function drop(used) {
      held >>>= used;
      bits -= used;
      if (at - (bits >> 3) > data.length) damaged();
    }

    function take(wanted) {
      need(wanted);
      const value = held & ((1 << wanted) - 1);
      drop(wanted);
      return value;
    }

    function symbol(codes) {
      need(15);
      const code = codes[held & (codes.length - 1)];
      if (!code) damaged();
      drop(code & 15);
      return code >> 4;
    }

    function stored() {
      drop(bits & 7);
      const length = take(16);
      if ((take(16) ^ length) !== 0xffff) damaged();
      at -= bits >> 3;
      held = bits = 0;
      if (at + length > data.length) damaged();
      room(length);
      out.set(data.subarray(at, at + length), size);
      at += length;
      size += length;
    }

    function ownCodes() {
      const [literals, distances, kinds] = [take(5) + 257, take(5) + 1, take(4) + 4];
      const lengths = new Array(19).fill(0);
      for (let n = 0; n < kinds; n += 1) lengths[ORDER[n]] = take(3);
      const codes = table(lengths);
      const all = [];
      while (all.length < literals + distances) {
        const kind = symbol(codes);
        if (kind < 16) {
          all.push(kind);
          continue;
        }
        if (kind === 16 && !all.length) damaged();
        const value = kind === 16 ? all[all.length - 1] : 0;
        for (let n = kind === 16 ? take(2) + 3 : kind === 17 ? take(3) + 3 : take(7) + 11; n; n -= 1) all.push(value);
      }
      if (all.length > literals + distances) damaged();
      return [table(all.slice(0, literals)), table(all.slice(literals))];
    }

    function packed([literals, distances]) {
      for (;;) {
        const literal = symbol(literals);
        if (literal < 256) {
          if (size === out.length) room(1);
          out[size] = literal;
          size += 1;
          continue;
        }
        if (literal === 256) return;
        if (literal > 285) damaged();
        const length = LENGTHS.base[literal - 257] + take(LENGTHS.extra[literal - 257]);
        const far = symbol(distances);
        if (far > 29) damaged();
        const distance = DISTANCES.base[far] + take(DISTANCES.extra[far]);
        if (distance > size) damaged();
        room(length);
        for (const end = size + length; size < end; size += 1) out[size] = out[size - distance];
      }
    }

    for (let isLast = 0; !isLast;) {
      isLast = take(1);
      const kind = take(2);
      if (kind === 0) stored();
      else if (kind === 2) packed(ownCodes());
      else if (kind === 1) {
        fixed = fixed || [table(filled([[144, 8], [112, 9], [24, 7], [8, 8]])), table(filled([[30, 5]]))];
        packed(fixed);
      } else damaged();
    }
    return out.subarray(0, size);
  }

  self.gongkaiSearch.inflate = inflate;
})();
