"""Every field that an editor may write has its own Chinese label and a word of help."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import gongkai
from gongkai.domain.column import Column
from gongkai.domain.values import Item

# not written by editors: made from ColumnSpec
MADE = {Column}


def models() -> list[type[Item]]:
    """Return every model that derives from ``Item``, from every module of the package."""
    for module in pkgutil.walk_packages(gongkai.__path__, "gongkai."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: list[type[Item]] = []
    waiting: list[type[Item]] = [Item]
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        if model is not Item and model not in MADE and model.__module__.startswith("gongkai."):
            found.append(model)
    return sorted(found, key=lambda model: f"{model.__module__}.{model.__qualname__}")


MODELS = models()


def test_the_models_are_found() -> None:
    names = {model.__name__ for model in MODELS}
    assert {"Entry", "Service", "Guide", "AnnualReport", "Agency", "Site", "Tombstone"} <= names


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__qualname__)
def test_labels_are_unique_and_every_field_is_explained(model: type[Item]) -> None:
    labels: dict[str, str] = {}
    for key, info in model.model_fields.items():
        assert info.title, f"{key} has no Chinese label"
        assert info.description, f"{key} has no help"
        assert info.title not in labels, f"{key} and {labels.get(info.title)} are both {info.title}"
        assert info.title not in model.model_fields, f"the label {info.title} is a key as well"
        labels[info.title] = key


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__qualname__)
def test_a_model_is_frozen_and_refuses_unknown_keys(model: type[Item]) -> None:
    assert model.model_config.get("frozen") is True
    assert model.model_config.get("extra") == "forbid"
