"""Located values into a frozen model, with each validation error at the line that was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gongkai.domain import vocab
from gongkai.domain.values import Item
from gongkai.kernel import problems as p
from gongkai.kernel.place import Located, Place
from gongkai.kernel.problems import Problem
from gongkai.kernel.text import nearest

Model = TypeVar("Model", bound=Item)

# closed lists whose Chinese words an editor may write instead of the English value
_CHINESE_VALUES: dict[str, Mapping[str, str]] = {
    "disclosure": {zh: key for key, zh in vocab.DISCLOSURE_LABELS.items()},
    "instrument": {zh: key for key, zh in vocab.INSTRUMENT_LABELS.items()},
    "validity": {zh: key for key, zh in vocab.VALIDITY_LABELS.items()},
    "level": {zh: key for key, zh in vocab.LEVEL_LABELS.items()},
    "stage": {zh: key for key, zh in vocab.STAGE_LABELS.items()},
    "budget_type": {zh: key for key, zh in vocab.BUDGET_LABELS.items()},
}
_CHANGES = {zh: key for key, zh in vocab.CHANGE_LABELS.items()}
_CHOICE = re.compile(r"\^\(([a-z_|]+)\)\$")


@dataclass(frozen=True)
class Bound(Generic[Model]):
    """What binding gave: the model unless an error stood in its way, places, problems."""

    model: Model | None
    problems: list[Problem]
    places: dict[str, tuple[int, int]]


@cache
def shape_of(model: type[Item]) -> dict[str, tuple[str, type[Item] | None]]:
    """Return each field's Chinese label and the model that its values nest, if any."""
    return {
        key: (str(info.title or key), _nested(info.annotation))
        for key, info in model.model_fields.items()
    }


def _nested(annotation: Any) -> type[Item] | None:
    if isinstance(annotation, type) and issubclass(annotation, Item):
        return annotation
    for part in get_args(annotation):
        if found := _nested(part):
            return found
    return None


def bind(
    model: type[Model], path: str, fields: Mapping[str, Located], **given: Any
) -> Bound[Model]:
    """Validate ``fields`` as ``model``; ``given`` are values that do not come from the file.

    Every fault is reported at once. A key may be written in English or by its Chinese label.
    An empty value (``key:``) counts as not written, as in the skeletons of ``gongkai new``.
    """
    problems: list[Problem] = []
    places: dict[str, tuple[int, int]] = {}
    plain = _plain(model, path, fields, "", problems, places)
    try:
        bound = model.model_validate({**plain, **given})
    except ValidationError as error:
        seen: set[tuple[str, str]] = set()
        for details in error.errors(include_url=False):
            problem, key = _translate(model, path, plain, details, places)
            if key not in seen:
                seen.add(key)
                problems.append(problem)
        return Bound(None, problems, places)
    if any(problem.severity is p.Severity.ERROR for problem in problems):
        return Bound(None, problems, places)
    return Bound(bound, problems, places)


def _plain(
    model: type[Item] | None,
    path: str,
    fields: Mapping[str, Located],
    prefix: str,
    problems: list[Problem],
    places: dict[str, tuple[int, int]],
) -> dict[str, Any]:
    shape = shape_of(model) if model else None
    labels = {label: key for key, (label, _) in shape.items()} if shape else {}
    written: dict[str, str] = {}
    plain: dict[str, Any] = {}
    for name, node in fields.items():
        place = Place(path, node.key_line, node.key_column)
        key = labels.get(name, name)
        if shape is not None and key not in shape:
            near = nearest(name, [*shape, *labels])
            problems.append(Problem(p.UNKNOWN_KEY, place, {"key": name, **p.hint(near)}))
            continue
        if key in written:
            facts = {"key": name, "other": written[key]}
            problems.append(Problem(p.KEY_IN_BOTH_LANGUAGES, place, facts))
            continue
        written[key] = name
        dotted = f"{prefix}{key}"
        if node.value == "":
            places[dotted] = (node.key_line, node.key_column)  # where the value is missing
            continue
        nested = shape[key][1] if shape is not None else None
        value = _value(nested, path, node, dotted, problems, places)
        if value == {} and nested is not None:
            continue  # every key below was left empty
        plain[key] = value
        if isinstance(plain[key], str):
            is_change = key == "kind" and prefix.startswith("changes.")
            choices = _CHANGES if is_change else _CHINESE_VALUES.get(key, {})
            plain[key] = choices.get(plain[key], plain[key])
    return plain


def _value(
    nested: type[Item] | None,
    path: str,
    node: Located,
    dotted: str,
    problems: list[Problem],
    places: dict[str, tuple[int, int]],
) -> Any:
    places[dotted] = (node.line, node.column)
    if isinstance(node.value, dict):
        return _plain(nested, path, node.value, dotted + ".", problems, places)
    if isinstance(node.value, list):
        return [
            _value(nested, path, item, f"{dotted}.{n}", problems, places)
            for n, item in enumerate(node.value)
        ]
    return node.value


def _translate(
    model: type[Item],
    path: str,
    plain: Mapping[str, Any],
    details: ErrorDetails,
    places: Mapping[str, tuple[int, int]],
) -> tuple[Problem, tuple[str, str]]:
    """Turn one pydantic error into our own code and words, at the place that was written."""
    keys, label, example = _where(model, plain, details)
    dotted = ".".join(keys)
    place = Place(path, *_nearest_place(dotted, places))
    key = next((part for part in reversed(keys) if not part.isdigit()), "")
    facts: dict[str, Any] = {"key": dotted or key, "label": label, "example": example}
    context = {k: v for k, v in details.get("ctx", {}).items() if k != "code"}
    kind = details["type"]
    if kind in p.CODES:
        code = p.CODES[kind]
        facts = {**facts, **context}
    elif kind == "missing":
        code = p.MISSING_FIELD
    elif kind == "enum":
        code = p.NOT_IN_VOCABULARY
        value = str(details["input"])
        choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        facts |= {"value": value, "where": "、".join(choices), **p.hint(nearest(value, choices))}
    else:
        code = p.WRONG_SHAPE
        zh, en = _expected(kind, context)
        facts |= {"expected": zh, "expected_en": en}
    return Problem(code, place, facts), (dotted, code.id)


def _where(model: type[Item], plain: Any, details: ErrorDetails) -> tuple[list[str], str, str]:
    """Return the written path of an error, its field's label and an example.

    Pydantic puts names of union branches into its path; what was not written is left out,
    but for the missing key at the end.
    """
    keys: list[str] = []
    value: Any = plain
    parts = details["loc"]
    at: type[Item] | None = model
    label = example = ""
    for n, part in enumerate(parts):
        name = str(part)
        is_last = n == len(parts) - 1
        if isinstance(value, dict) and (
            name in value or (is_last and details["type"] == "missing")
        ):
            keys.append(name)
            value = value.get(name)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            keys.append(name)
            value = value[part]
        else:
            continue
        if at is not None and name in at.model_fields:
            info = at.model_fields[name]
            label = str(info.title or name)
            example = str(info.examples[0]) if info.examples else "…"
            at = _nested(info.annotation)
    return keys, label, example


def _nearest_place(dotted: str, places: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    while dotted:
        if dotted in places:
            return places[dotted]
        dotted = dotted.rpartition(".")[0]
    return 1, 1


def _expected(kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
    if kind.startswith("int"):
        return "整数", "a whole number"
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        word = ("不小于", "at least") if "ge" in context else ("不大于", "at most")
        return f"{word[0]} {bound} 的数", f"{word[1]} {bound}"
    if kind in ("tuple_type", "list_type"):
        return "一个列表，如 [甲, 乙]", "a list such as [a, b]"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return "“字段: 内容”的形式", "written as 'key: value'"
    if kind == "string_too_long":
        return (
            f"不超过 {context.get('max_length')} 字",
            f"at most {context.get('max_length')} characters",
        )
    if kind in ("string_too_short", "too_short"):
        return "不为空的内容", "non-empty"
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern"))
        if choice := _CHOICE.fullmatch(pattern):
            one_of = [word for word in choice[1].split("|") if word]
            return f"下列之一：{'、'.join(one_of)}", f"one of {', '.join(one_of)}"
        return f"这样的写法：{pattern}", f"of the form {pattern}"
    return "一段文字", "a text"
