"""An SVG picture into one that only draws: what may stand is listed, all else is left out.

What only programs for drawing need (comments, metadata, elements of their own) goes without a
word; what could act, or fetch something, is named, since its author has to know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

SPACE = "http://www.w3.org/2000/svg"
_LINKS = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
ELEMENTS_LIMIT = 200_000
DEPTH_LIMIT = 100

_ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "title",
        "desc",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "textPath",
        "linearGradient",
        "radialGradient",
        "stop",
        "pattern",
        "clipPath",
        "mask",
        "marker",
        "filter",
        "feBlend",
        "feColorMatrix",
        "feComponentTransfer",
        "feComposite",
        "feConvolveMatrix",
        "feDiffuseLighting",
        "feDisplacementMap",
        "feDistantLight",
        "feDropShadow",
        "feFlood",
        "feFuncA",
        "feFuncB",
        "feFuncG",
        "feFuncR",
        "feGaussianBlur",
        "feMerge",
        "feMergeNode",
        "feMorphology",
        "feOffset",
        "fePointLight",
        "feSpecularLighting",
        "feSpotLight",
        "feTile",
        "feTurbulence",
        "style",
        "switch",
    ]
)
# of SVG itself and harmless to lose: what a program keeps for itself
_SILENT = frozenset(("metadata",))
_PAINT = frozenset(
    [
        "alignment-baseline",
        "baseline-shift",
        "clip-path",
        "clip-rule",
        "color",
        "color-interpolation",
        "color-interpolation-filters",
        "direction",
        "display",
        "dominant-baseline",
        "fill",
        "fill-opacity",
        "fill-rule",
        "filter",
        "flood-color",
        "flood-opacity",
        "font-family",
        "font-size",
        "font-size-adjust",
        "font-stretch",
        "font-style",
        "font-variant",
        "font-weight",
        "letter-spacing",
        "lighting-color",
        "marker-end",
        "marker-mid",
        "marker-start",
        "mask",
        "opacity",
        "overflow",
        "paint-order",
        "shape-rendering",
        "stop-color",
        "stop-opacity",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
        "text-decoration",
        "text-rendering",
        "unicode-bidi",
        "vector-effect",
        "visibility",
        "word-spacing",
        "writing-mode",
        "transform",
        "transform-origin",
    ]
)
_SHAPE = frozenset(
    [
        "id",
        "class",
        "viewBox",
        "preserveAspectRatio",
        "version",
        "width",
        "height",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "dx",
        "dy",
        "d",
        "points",
        "pathLength",
        "rotate",
        "textLength",
        "lengthAdjust",
        "startOffset",
        "method",
        "spacing",
        "side",
        "gradientUnits",
        "gradientTransform",
        "spreadMethod",
        "fx",
        "fy",
        "fr",
        "offset",
        "patternUnits",
        "patternContentUnits",
        "patternTransform",
        "clipPathUnits",
        "maskUnits",
        "maskContentUnits",
        "markerUnits",
        "markerWidth",
        "markerHeight",
        "refX",
        "refY",
        "orient",
        "filterUnits",
        "primitiveUnits",
        "in",
        "in2",
        "result",
        "type",
        "values",
        "mode",
        "operator",
        "k1",
        "k2",
        "k3",
        "k4",
        "order",
        "kernelMatrix",
        "divisor",
        "bias",
        "targetX",
        "targetY",
        "edgeMode",
        "preserveAlpha",
        "surfaceScale",
        "diffuseConstant",
        "specularConstant",
        "specularExponent",
        "scale",
        "xChannelSelector",
        "yChannelSelector",
        "azimuth",
        "elevation",
        "stdDeviation",
        "radius",
        "baseFrequency",
        "numOctaves",
        "seed",
        "stitchTiles",
        "tableValues",
        "slope",
        "intercept",
        "amplitude",
        "exponent",
        "pointsAtX",
        "pointsAtY",
        "pointsAtZ",
        "limitingConeAngle",
        "role",
        "lang",
    ]
)
_EVENT = re.compile(r"(?i)on[a-z]+")
_CALLS = re.compile(
    r"(?i)url\s*\((?!\s*[\"']?#)|expression\s*\(|@import|@font-face|javascript:|data:|behaviou?r\s*:"
    r"|-moz-binding|image-set\s*\(|\\|<"
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture that only draws, and what had to be taken out of it, in both languages."""

    text: str
    taken_out: tuple[tuple[str, str], ...]
    words: str  # that readers can see or have read to them


class NoPicture(ValueError):
    """It is no SVG, or too much of it."""


def drawing(data: bytes) -> Drawing:
    """Return the safe twin of an SVG picture.

    Raises:
        NoPicture: it cannot be read, or is beyond the bounds.
    """
    taken: dict[tuple[str, str], None] = {}
    if b"<?xml-stylesheet" in data or "<?xml-stylesheet".encode("utf-16-le") in data:
        taken["外部样式表", "an outside style sheet"] = None
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        return Drawing("", (("DOCTYPE 或实体声明", "a DOCTYPE or entities"),), "")
    except (ParseError, ValueError, LookupError) as error:
        raise NoPicture(str(error)) from error
    if root.tag != f"{{{SPACE}}}svg":
        raise NoPicture("another root")
    words: list[str] = []
    text = _written(root, taken, words)
    return Drawing(text, tuple(taken), "\n".join(words))


def _written(root: Element, taken: dict[tuple[str, str], None], words: list[str]) -> str:
    """Write the elements and attributes that may stand, without calling itself."""
    pieces: list[str] = []
    stack: list[tuple[Element | str, int]] = [(root, 0)]
    count = 0
    while stack:
        element, depth = stack.pop()
        if isinstance(element, str):
            pieces.append(element)
            continue
        count += 1
        if count > ELEMENTS_LIMIT or depth > DEPTH_LIMIT:
            raise NoPicture("too much")
        name = _element_name(element, taken)
        later: list[tuple[Element | str, int]] = []
        if name:
            inside = element.text or ""
            if name == "style":
                inside = _style_sheet(inside, taken)
            elif inside.strip():
                words.append(inside.strip())
            own = f' xmlns="{SPACE}"' if depth == 0 else ""
            attributes = "".join(_attributes(element, name, taken))
            pieces.append(f"<{name}{own}{attributes}>{escape(inside)}")
            for child in [] if name == "style" else element:
                later.append((child, depth + 1))
            later.append((f"</{name}>", depth))
        if depth and element.tail:
            if element.tail.strip():
                words.append(element.tail.strip())
            later.append((escape(element.tail), depth))
        stack.extend(reversed(later))
    return "".join(pieces) + "\n"


def _element_name(element: Element, taken: dict[tuple[str, str], None]) -> str:
    """Return the name to write, or nothing for an element that is left out."""
    if not isinstance(element.tag, str):
        return ""
    space, _, name = element.tag.removeprefix("{").rpartition("}")
    if space == SPACE and name in _ELEMENTS:
        return name
    is_drawn = space in (SPACE, "") or space.endswith("xhtml")
    if is_drawn and name not in _SILENT:
        taken[f"元素 {name[:40]}", f"element {name[:40]}"] = None
    return ""


def _attributes(element: Element, name: str, taken: dict[tuple[str, str], None]) -> list[str]:
    written: dict[str, str] = {}
    for key, value in element.attrib.items():
        space, _, local = key.removeprefix("{").rpartition("}")
        if local == "href" and space in ("", _LINKS):
            if re.fullmatch(r"\s*#[\w.:-]+\s*", value):
                written["href"] = value.strip()
            else:
                taken[f"{name} 的外部链接", f"an outside link of {name}"] = None
        elif space == _XML and local in ("space", "lang"):
            written[f"xml:{local}"] = value
        elif space:
            continue  # of a program's own
        elif _EVENT.fullmatch(local):
            taken[f"{name} 的属性 {local[:40]}", f"attribute {local[:40]} of {name}"] = None
        elif local == "style":
            written.update(_style(value, name, taken))
        elif local in _PAINT or local in _SHAPE or local.startswith("aria-"):
            if _calls(value):
                taken[f"{name} 的属性 {local}", f"attribute {local} of {name}"] = None
            else:
                written[local] = value
        elif local in ("type", "media") and name == "style":
            continue
        elif not local.startswith("data-"):
            taken[f"{name} 的属性 {local[:40]}", f"attribute {local[:40]} of {name}"] = None
    return [f" {key}={quoteattr(value)}" for key, value in written.items()]


def _calls(value: str) -> bool:
    return _CALLS.search(_COMMENT.sub("", value)) is not None


def _style(value: str, name: str, taken: dict[tuple[str, str], None]) -> dict[str, str]:
    """Return declarations as attributes; those of a drawing program's own are left out."""
    written: dict[str, str] = {}
    for declaration in _COMMENT.sub("", value).split(";"):
        key, _, said = (part.strip() for part in declaration.partition(":"))
        if not key:
            continue
        if _calls(declaration):
            taken[f"{name} 的样式 {key[:40]}", f"style {key[:40]} of {name}"] = None
        elif key in _PAINT:
            written[key] = said
    return written


def _style_sheet(text: str, taken: dict[tuple[str, str], None]) -> str:
    if _calls(text) or "@" in text:
        taken["样式表中的外部引用", "outside references of a style sheet"] = None
        return ""
    return _COMMENT.sub("", text)
