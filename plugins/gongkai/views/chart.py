"""Figures into charts drawn at build time: bars, series over years, grouped columns.

A drawing has no viewBox: lengths across are shares of its width and lengths down are in em, so
that its text keeps the size of the text around it, from a phone to paper. No script, style
attribute or colour is needed to read it: every mark has its value beside it, patterns and dashes
tell several lines apart, and the same data stands in a table. A gap is never a zero.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from html import escape

from gongkai.kernel.digest import digest_of_text
from gongkai.views.shared import Cell, ChartView, Table

Line = tuple[str, Sequence[Decimal | None]]
NO_DATA = "无数据"

NARROW = 15.0  # em: the width on a screen of 320 px with the largest text
_WIDE = 25.0  # em: half a page on paper, where more labels are shown
_LEADING = 1.5
_BAR = 0.85
_PLOT = 4.6  # em: the height of a plot
_GAP_MARK = "缺"
_OVERHANG = 0.5  # em: how far a label may stand out on either side; margins are wider
_MOST_SAID = 6  # points that are read out one by one; of more, the ends and the extremes
_CLOSING = "，。、；：！？）》〉」』”’％%…"


def amount(value: Decimal) -> str:
    """Return a figure with separators and without superfluous zeros: 1,808,595 or 0.5."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(part: Decimal, whole: Decimal) -> str:
    """Return the share in per cent with one decimal, or nothing where there is no base."""
    if whole <= 0:
        return ""
    return f"{(part * 100 / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def share_in_words(part: Decimal, whole: Decimal) -> str:
    """Return the share as ``share`` does, but never call something none: 不足0.1%."""
    words = share(part, whole)
    return "不足0.1%" if words == "0.0%" and part else words


def width_of(text: str) -> float:
    """Return the estimated width of a text in em: a full-width character is 1, others less."""
    return sum(_width(character) for character in text)


def _width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    if character in ".,:;'|!il ":
        return 0.35
    return 0.75 if character.isupper() or character in "%@&" else 0.62


def wrapped(text: str, width: float = NARROW) -> list[str]:
    """Break a label into lines of at most ``width`` em; numbers and Latin words stay whole."""
    lines = [""]
    for piece in _pieces(text):
        line = lines[-1]
        if line and width_of(line + piece) > width and piece[0] not in _CLOSING:
            lines.append("")
            line, piece = "", piece.lstrip()
        while width_of(piece) > width and len(piece) > 1:  # one word longer than a line
            cut = next(n for n in range(len(piece), 0, -1) if width_of(piece[:n]) <= width)
            lines[-1] = piece[:cut]
            lines.append("")
            line, piece = "", piece[cut:]
        lines[-1] = line + piece
    return [line.strip() for line in lines if line.strip()] or [""]


def _pieces(text: str) -> Iterator[str]:
    """Yield what a line may not break: single full-width characters, runs of all others."""
    run = ""
    for character in text:
        if unicodedata.east_asian_width(character) in "WFA" or character == " ":
            if run:
                yield run
                run = ""
            yield character
        else:
            run += character
    if run:
        yield run


def _em(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "em"


def _part(value: float) -> str:
    return f"{value * 100:.2f}".rstrip("0").rstrip(".") + "%"


def _text(
    words: str, x: str, y: float, kind: str = "", anchor: str = "", dx: float = 0, dy: float = 0
) -> str:
    more = f' class="gk-chart__{kind}"' if kind else ""
    more += f' text-anchor="{anchor}"' if anchor else ""
    more += f' dx="{_em(dx)}"' if dx else ""
    more += f' dy="{_em(dy)}"' if dy else ""
    return f'<text x="{x}" y="{_em(y)}"{more}>{escape(words)}</text>'


def _rect(x: str, y: float, width: str, height: float, more: str) -> str:
    return f'<rect x="{x}" y="{_em(y)}" width="{width}" height="{_em(height)}" {more}/>'


def _rule(x1: str, y1: float, x2: str, y2: float, more: str) -> str:
    return f'<line x1="{x1}" y1="{_em(y1)}" x2="{x2}" y2="{_em(y2)}" {more}/>'


@dataclass
class _Drawing:
    """A drawing while it is being made: its parts, and how far down it has come."""

    key: str
    title: str
    words: str
    kind: str
    parts: list[str] = field(default_factory=list)
    y: float = 0.0

    def add(self, *parts: str) -> None:
        self.parts += parts

    def pattern(self, n: int) -> str:
        """Return the fill of the n-th line; its pattern is defined once."""
        if n % len(_PATTERNS) == 0:
            return 'class="gk-chart__fill"'
        name = f"{self.key}-p{n % len(_PATTERNS)}"
        definition = _PATTERNS[n % len(_PATTERNS)].format(id=name)
        if definition not in self.parts:
            self.parts.insert(0, definition)
        return f'class="gk-chart__hatch" fill="url(#{name})"'

    def svg(self) -> str:
        """Return the drawing with its name and description."""
        return (
            f'<svg class="gk-chart__svg gk-chart__svg--{self.kind}" role="img"'
            f' aria-labelledby="{self.key}-t {self.key}-d" width="100%" height="{_em(self.y)}">'
            f'<title id="{self.key}-t">{escape(self.title)}</title>'
            f'<desc id="{self.key}-d">{escape(self.words)}</desc>'
            f'<g aria-hidden="true">{"".join(self.parts)}</g></svg>'
        )


# the first line is solid; each of these differs from the others without colour
_PATTERNS = (
    "",
    '<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><rect class="gk-chart__ground" width="6" height="6"/>'
    '<rect class="gk-chart__fill" width="2" height="6"/></pattern>',
    '<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect class="gk-chart__ground" width="6" height="6"/>'
    '<circle class="gk-chart__fill" cx="3" cy="3" r="1.3"/></pattern>',
    '<pattern id="{id}" width="7" height="7" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><rect class="gk-chart__ground" width="7" height="7"/>'
    '<rect class="gk-chart__fill" width="1.4" height="7"/>'
    '<rect class="gk-chart__fill" width="7" height="1.4"/></pattern>',
    '<pattern id="{id}" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<rect class="gk-chart__ground" width="5" height="5"/>'
    '<rect class="gk-chart__fill" width="5" height="1.6"/></pattern>',
)
# a mark for each line, drawn around its point in a square of ten units
_MARKS = (
    '<circle r="3.6"/>',
    '<rect x="-3.3" y="-3.3" width="6.6" height="6.6"/>',
    '<path d="M0-4.4 4.2 3.2-4.2 3.2z"/>',
    '<path d="M0-4.6 4.6 0 0 4.6-4.6 0z"/>',
)
_DASHES = ("", "6 3", "2 3", "8 3 2 3")


def _key(kind: str, caption: str, data: object) -> str:
    """Return what begins the ids of a chart: other charts of the page have another."""
    return f"gc{digest_of_text(kind, caption, repr(data))[:8]}"


def bars(
    caption: str,
    items: Sequence[tuple[str, Decimal]],
    unit: str,
    *,
    whole: Decimal | None = None,
    key: str = "",
) -> ChartView:
    """Draw one bar for each item, in the order given.

    ``whole`` is the base of their shares, and then the length of a full bar.
    """
    values = [value for _, value in items]
    most = max(values, default=Decimal(0))
    is_whole = whole is not None and whole > 0 and whole >= most
    scale = whole if whole and is_whole else max(most, Decimal(0))
    shares = [share_in_words(v, whole) if whole and v else "" for v in values]
    words = [f"{amount(value)}{unit}" for value in values]
    labels = [f"{w}（{s}）" if s else w for w, s in zip(words, shares, strict=True)]
    picture = _Drawing(
        key or _key("bars", caption, (items, unit, whole)),
        caption,
        _said_of_bars([(n, w) for (n, _), w in zip(items, words, strict=True)], values),
        "bars",
    )
    for n, (name, value) in enumerate(items):
        picture.y += 0.45 if n else 0.1
        lines = wrapped(name)
        if width_of(lines[-1]) + 0.6 + width_of(labels[n]) > NARROW:
            lines.append("")  # no room for the value behind the name
        for at, line in enumerate(lines, 1):
            value_span = ""
            if at == len(lines):
                dx = f' dx="{_em(0.6)}"' if line else ""
                value_span = f'<tspan class="gk-chart__value"{dx}>{escape(labels[n])}</tspan>'
            picture.add(
                f'<text x="0" y="{_em(picture.y + 1.08)}">{escape(line)}{value_span}</text>'
            )
            picture.y += _LEADING
        if is_whole:
            picture.add(_rect("0", picture.y, "100%", _BAR, 'class="gk-chart__track"'))
        if scale and value > 0:
            length = _part(float(value / scale))
            picture.add(_rect("0", picture.y, length, _BAR, 'class="gk-chart__fill"'))
        else:
            picture.add(_rule("0", picture.y, "0", picture.y + _BAR, 'class="gk-chart__axis"'))
        picture.y += _BAR
    picture.y += 0.2
    head = ["项目", f"数量（{unit}）" if unit else "数量", *(["占比"] if any(shares) else [])]
    rows = [
        [name, amount(value), *([shares[n] or "0.0%"] if any(shares) else [])]
        for n, (name, value) in enumerate(items)
    ]
    return ChartView(picture.svg(), caption, _table(caption, head, rows))


def _said_of_bars(items: Sequence[tuple[str, str]], values: Sequence[Decimal]) -> str:
    if not items:
        return "没有数据。"
    if len(items) == 1:
        return f"{items[0][0]}：{items[0][1]}。"
    if len(set(values)) == 1:
        return f"条形图，共{len(items)}项，每项都是{items[0][1]}。"
    name, words = items[max(range(len(values)), key=lambda n: values[n])]
    return f"条形图，共{len(items)}项，最多的是{name}，{words}。全部数字见数据表。"


def series(
    caption: str,
    years: Sequence[int],
    lines: Sequence[Line],
    unit: str,
    *,
    steps: bool = False,
    key: str = "",
) -> ChartView:
    """Draw each line over the years in a band of its own, all to one scale.

    ``steps`` is for what stands at the end of a year rather than happens in it. Where a year has
    no figure the line is broken.
    """
    _check(years, lines)
    picture = _Drawing(
        key or _key("series", caption, (years, lines, unit, steps)),
        caption,
        _said_of_lines("阶梯图" if steps else "折线图", years, lines, unit),
        "series",
    )
    most = _most(lines)
    across = [(n + 0.5) / len(years) for n in range(len(years))]
    for n, (name, values) in enumerate(lines):
        picture.y += 0.4 if n else 0.1
        picture.add(_mark(n, "0.45em", picture.y + 0.72))
        for line in wrapped(name, NARROW - 1.2):
            picture.add(_text(line, "1.1em", picture.y + 1.08, "name"))
            picture.y += _LEADING
        base = picture.y + 1.65 + _PLOT
        heights = [
            None if value is None else base - (float(value / most) * _PLOT if most else 0.0)
            for value in values
        ]
        picture.add(_rule("0", base, "100%", base, 'class="gk-chart__axis"'))
        dash = f' stroke-dasharray="{_DASHES[n % len(_DASHES)]}"' if _DASHES[n % 4] else ""
        look = f'class="gk-chart__line"{dash}'
        for i in range(len(years) - 1):
            left, right = heights[i], heights[i + 1]
            if left is None or right is None:
                continue
            x1, x2 = _part(across[i]), _part(across[i + 1])
            if steps:
                picture.add(_rule(x1, left, x2, left, look))
                if left != right:
                    picture.add(_rule(x2, left, x2, right, look))
            else:
                picture.add(_rule(x1, left, x2, right, look))
        for x, height in zip(across, heights, strict=True):
            if height is None:
                picture.add(_text(_GAP_MARK, _part(x), base, "none", "middle", dy=-0.3))
            else:
                picture.add(_mark(n, _part(x), height))
        known = [i for i, value in enumerate(values) if value is not None]
        texts = [amount(v) if v is not None else "" for v in values]
        order = _by_interest(known, values)
        picture.add(
            *_labels(
                (across[i], texts[i], (heights[i] or 0) - 0.62, steps and _drops(values, i))
                for i in order
            )
        )
        picture.y = base + 0.35
    picture.y += 0.2
    for i, x in enumerate(across):
        steps_back = len(years) - 1 - i
        if steps_back % _every(years, _WIDE) == 0:
            is_rare = steps_back % _every(years, NARROW) == 0
            kind = "year" if is_rare else "year gk-chart__more"
            at, anchor = _placed(x, width_of(str(years[i])) / 2)
            picture.add(_text(str(years[i]), at, picture.y + 0.95, kind, anchor))
    picture.y += _LEADING
    return ChartView(picture.svg(), caption, _table_of_years(caption, years, lines, unit))


def columns(
    caption: str,
    groups: Sequence[str],
    lines: Sequence[Line],
    unit: str,
    *,
    key: str = "",
) -> ChartView:
    """Draw the lines side by side in each group; where values have no room, as bars below it."""
    _check(groups, lines)
    picture = _Drawing(
        key or _key("columns", caption, (groups, lines, unit)),
        caption,
        _said_of_lines("柱形图", groups, lines, unit),
        "columns",
    )
    if len(lines) > 1:
        _legend(picture, [name for name, _ in lines])
    slot = 0.84 / len(groups) / len(lines) if lines else 1.0
    widest = max((width_of(amount(v)) for _, vs in lines for v in vs if v is not None), default=0)
    named = max((width_of(group) for group in groups), default=0)
    if widest <= slot * NARROW and named + 0.2 <= NARROW / len(groups):
        _upright(picture, groups, lines, slot)
    else:
        _lying(picture, groups, lines, unit)
    return ChartView(picture.svg(), caption, _table_of_years(caption, groups, lines, unit))


def _legend(picture: _Drawing, names: Sequence[str]) -> None:
    """Draw a sample of each pattern with its name, in a line if there is room on every screen."""
    fits = sum(width_of(name) + 2.6 for name in names) <= NARROW
    x = 0.0
    for n, name in enumerate(names):
        picture.add(_rect(_em(x), picture.y + 0.3, "1.2em", 0.9, picture.pattern(n)))
        rows = [name] if fits else wrapped(name, NARROW - 1.7)
        for line in rows:
            picture.add(_text(line, _em(x + 1.6), picture.y + 1.08, "name"))
            if not fits:
                picture.y += _LEADING
        x += width_of(name) + 2.6 if fits else 0.0
    picture.y += _LEADING if fits else 0.0


def _upright(picture: _Drawing, groups: Sequence[str], lines: Sequence[Line], slot: float) -> None:
    most = _most(lines)
    base = picture.y + 1.5 + _PLOT
    for i, group in enumerate(groups):
        start = (i + 0.08) / len(groups)
        for n, (_, values) in enumerate(lines):
            value, left = values[i], start + slot * n
            middle = _part(left + slot * 0.46)
            if value is None:
                picture.add(_text(_GAP_MARK, middle, base, "none", "middle", dy=-0.3))
                continue
            height = float(value / most) * _PLOT if most else 0.0
            if height:
                top, wide = base - height, _part(slot * 0.92)
                picture.add(_rect(_part(left), top, wide, height, picture.pattern(n)))
            picture.add(_text(amount(value), middle, base - height, "value", "middle", dy=-0.35))
        x = _part((i + 0.5) / len(groups))
        picture.add(_text(group, x, base + 1.25, "year", "middle"))
    picture.add(_rule("0", base, "100%", base, 'class="gk-chart__axis"'))
    picture.y = base + 1.75


def _lying(picture: _Drawing, groups: Sequence[str], lines: Sequence[Line], unit: str) -> None:
    most = _most(lines)
    words = [[f"{amount(v)}{unit}" if v is not None else NO_DATA for v in vs] for _, vs in lines]
    room = max((width_of(word) for row in words for word in row), default=0) + 0.7
    scale = max(0.12, 1 - room / NARROW)
    for i, group in enumerate(groups):
        picture.y += 0.45
        for line in wrapped(group):
            picture.add(_text(line, "0", picture.y + 1.08, "name"))
            picture.y += _LEADING
        for n, (_, values) in enumerate(lines):
            value = values[i]
            length = float(value / most) * scale if value is not None and most else 0.0
            if length:
                more = picture.pattern(n)
                picture.add(_rect("0", picture.y, _part(length), _BAR, more))
            elif value is not None:
                picture.add(_rule("0", picture.y, "0", picture.y + _BAR, 'class="gk-chart__axis"'))
            kind = "none" if value is None else "value"
            picture.add(_text(words[n][i], _part(length), picture.y + 0.8, kind, dx=0.4))
            picture.y += _BAR + 0.35
    picture.y += 0.2


def _mark(n: int, x: str, y: float) -> str:
    return (
        f'<svg class="gk-chart__mark" x="{x}" y="{_em(y)}" width="1em" height="1em"'
        f' viewBox="0 0 12 12" overflow="visible">{_MARKS[n % len(_MARKS)]}</svg>'
    )


def _labels(wanted: Iterable[tuple[float, str, float, bool]]) -> Iterator[str]:
    """Yield the labels, most wanted first, that do not run into one already there.

    Each is given with its place, and whether it stands right of it, clear of a line that comes
    down. A label that has room only on a wide drawing is hidden on a narrow one; one that has
    room on neither is left out: its value stands in the table.
    """
    narrow: list[tuple[float, float]] = []
    wide: list[tuple[float, float]] = []
    for x, words, y, is_right in wanted:
        half = width_of(words) / 2 + 0.15
        at, anchor = _placed(x, half)
        is_right = is_right and anchor == "middle" and (1 - x) * NARROW > 2 * half
        if is_right:
            anchor = "start"
        spans = []
        for room in (NARROW, _WIDE):
            begin = {"start": x * room * is_right, "middle": x * room - half}.get(
                anchor, room - 2 * half
            )
            spans.append((begin, begin + 2 * half))
        kind = "value"
        if all(spans[1][1] <= b or spans[1][0] >= e for b, e in wide):
            wide.append(spans[1])
            if all(spans[0][1] <= b or spans[0][0] >= e for b, e in narrow):
                narrow.append(spans[0])
            else:
                kind += " gk-chart__more"
            yield _text(words, at, y, kind, anchor, dx=0.3 if is_right else 0)


def _drops(values: Sequence[Decimal | None], i: int) -> bool:
    """Tell whether a line comes down to the i-th value from the one before."""
    before, value = values[i - 1] if i else None, values[i]
    return before is not None and value is not None and before > value


def _placed(x: float, half: float) -> tuple[str, str]:
    """Return where a label of that half width goes, and which of its ends stands there."""
    if x * NARROW < half - _OVERHANG:
        return "0", "start"
    if (1 - x) * NARROW < half - _OVERHANG:
        return "100%", "end"
    return _part(x), "middle"


def _every(years: Sequence[int], room: float) -> int:
    """Return the distance of the years that are named: the least that fits, a power of two."""
    widest = max(width_of(str(year)) for year in years) + 0.4
    distance = 1
    while distance * room / len(years) < widest and distance < len(years):
        distance *= 2
    return distance


def _by_interest(known: Sequence[int], values: Sequence[Decimal | None]) -> list[int]:
    """Return positions with a value: the latest, the first, the extremes, then the others."""
    if not known:
        return []

    def height(i: int) -> Decimal:
        return values[i] or Decimal(0)

    first = [known[-1], known[0], max(known, key=height), min(known, key=height)]
    return list(dict.fromkeys((*first, *reversed(known))))


def _most(lines: Sequence[Line]) -> Decimal:
    return max((v for _, values in lines for v in values if v is not None), default=Decimal(0))


def _check(places: Sequence[object], lines: Sequence[Line]) -> None:
    for name, values in lines:
        if len(values) != len(places):
            raise ValueError(f"{name}: {len(values)} values for {len(places)} places")


def _said_of_lines(kind: str, places: Sequence[object], lines: Sequence[Line], unit: str) -> str:
    """Return the description of a chart over years or groups: its figures and its gaps."""
    said = []
    for name, values in lines:
        known = [i for i, value in enumerate(values) if value is not None]
        if not known:
            said.append(f"{name}{NO_DATA}")
            continue
        told = known if len(known) <= _MOST_SAID else sorted(_by_interest(known, values)[:4])
        points = [f"{_named(places[i])}{amount(values[i] or Decimal(0))}{unit}" for i in told]
        said.append(f"{name}{'，'.join(points)}")
        gaps = [_named(places[i]) for i, value in enumerate(values) if value is None]
        if gaps:
            said[-1] += f"（{'、'.join(gaps)}{NO_DATA}）"
    return f"{kind}。{'；'.join(said)}。全部数字见数据表。" if said else "没有数据。"


def _named(place: object) -> str:
    return f"{place}年" if isinstance(place, int) else str(place)


def _table_of_years(
    caption: str, places: Sequence[object], lines: Sequence[Line], unit: str
) -> Table:
    is_years = all(str(place).removesuffix("年").isdigit() for place in places)
    first = "年份" if is_years else "分组"
    head = [first, *(f"{name}（{unit}）" if unit else name for name, _ in lines)]
    rows = [
        [
            _named(place),
            *(NO_DATA if vs[i] is None else amount(vs[i] or Decimal(0)) for _, vs in lines),
        ]
        for i, place in enumerate(places)
    ]
    return _table(caption, head, rows)


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    return Table(
        caption,
        (tuple(Cell(word, True, scope="col") for word in head),),
        tuple(
            (
                Cell(row[0], True, scope="row"),
                *(Cell(text, is_number=text != NO_DATA) for text in row[1:]),
            )
            for row in rows
        ),
        "chart",
    )
