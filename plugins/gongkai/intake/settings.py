"""site.yml, vocab/, agency.yml and withdrawn.yml into the frame that entries are judged in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, Field

from gongkai.domain.agency import REQUIRED_CONTACTS, Agency, Contact
from gongkai.domain.calendar import WorkingCalendar
from gongkai.domain.column import Column, ColumnSpec, flatten, is_period
from gongkai.domain.corpus import Places, Tombstone, TombstoneRecord, place_of
from gongkai.domain.search_words import SearchWords
from gongkai.domain.site import (
    REQUIRED_IDENTITY,
    REQUIRED_SITE_CONTACTS,
    Site,
    SiteContact,
    fits,
)
from gongkai.domain.values import Item, Words
from gongkai.domain.vocab import TOPICS, VOCABULARIES, Term, Vocabulary
from gongkai.intake.bind import Bound, bind
from gongkai.intake.front_matter import read_yaml
from gongkai.intake.holidays import HolidayNotice, working_calendar
from gongkai.intake.private import Look
from gongkai.intake.source import read_source
from gongkai.intake.walk import Found
from gongkai.kernel import problems as p
from gongkai.kernel.digest import digest_of_text, digest_of_value
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem
from gongkai.kernel.text import fold, nearest

Model = TypeVar("Model", bound=Item)
DATA_LIMIT_KB = 512
SEARCH_WORDS = "vocab/synonyms.yml"
_CODE = r"[a-z0-9][a-z0-9-]*"
_ITEM_CODE = r"[1-9]|1[0-5]"
_TERM_CODE = r"[A-Za-z0-9][A-Za-z0-9_-]*"


class TermsFile(Item):
    """A vocabulary file."""

    terms: tuple[Term, ...] = Field(title="词表", description="取值")


class PresetUse(Item):
    """A built-in column tree, perhaps for some agencies only."""

    name: str = Field(title="名称", description="statutory 或 direct-reporting")
    owner: str = Field(default="", title="责任单位", description="单位代号")
    agencies: Words = Field(default=(), title="开放单位", description="只对这些单位开放")


def _as_presets(value: object) -> object:
    if isinstance(value, list):
        return [{"name": item} if isinstance(item, str) else item for item in value]
    return value


class ColumnsFile(Item):
    """``vocab/columns.yml``: presets by name, then the site's own columns."""

    presets: Annotated[tuple[PresetUse, ...], BeforeValidator(_as_presets)] = Field(
        default=(), title="预设", description="内置栏目树：statutory、direct-reporting"
    )
    columns: tuple[ColumnSpec, ...] = Field(default=(), title="栏目", description="栏目树")


class WithdrawnFile(Item):
    """``withdrawn.yml``."""

    withdrawn: tuple[Tombstone, ...] = Field(default=(), title="撤下登记", description="逐条登记")


@dataclass(frozen=True)
class Settings:
    """Everything but entries, guides and reports; ``digest`` changes when any of it changes.

    Words of search are shown on no page, so that they have a digest of their own.
    """

    site: Site
    vocabularies: Mapping[str, Vocabulary]
    columns: Mapping[str, Column]
    agencies: Mapping[str, Agency]
    tombstones: tuple[TombstoneRecord, ...]
    calendar: WorkingCalendar
    problems: tuple[Problem, ...]
    places: Mapping[str, Places]
    digest: str
    search_words: SearchWords
    search_digest: str


def load_settings(root: Path, found: Iterable[Found]) -> Settings:
    """Read and check every data file; a file with slips still gives what could be read."""
    loader = _Loader(root)
    paths = [item.path for item in found if item.role == "data"]
    for needed in (
        "site.yml",
        "vocab/columns.yml",
        *(f"vocab/{name}.yml" for name in VOCABULARIES),
    ):
        if needed not in paths:
            remedy = {"remedy": "请从演示站点复制一份再改", "remedy_en": "copy the demonstration's"}
            loader.problems.append(
                Problem(p.MISSING_FILE, Place(needed), {"file": needed, **remedy})
            )
    if f"vocab/{TOPICS}.yml" not in paths and any(item.role == "register" for item in found):
        path = f"vocab/{TOPICS}.yml"
        remedy = {
            "remedy": "登记台账的主题从这张表里选，请从演示站点复制一份再改",
            "remedy_en": "the topics of registers are chosen from it; copy the demonstration's",
        }
        loader.problems.append(Problem(p.MISSING_FILE, Place(path), {"file": path, **remedy}))
    site = loader.read(Site, "site.yml") if "site.yml" in paths else None
    if site:
        loader.check_site(site)
    vocabularies = {
        name: loader.vocabulary(name, f"vocab/{name}.yml" in paths)
        for name in (*VOCABULARIES, TOPICS)
    }
    columns = loader.columns("vocab/columns.yml") if "vocab/columns.yml" in paths else {}
    agencies = loader.agencies(found, paths)
    loader.check_columns(columns, agencies)
    search_words, search_digest = loader.search_words(SEARCH_WORDS, SEARCH_WORDS in paths)
    if site:
        loader.check_host(site, agencies)
    tombstones: list[TombstoneRecord] = []
    notices: dict[int, HolidayNotice] = {}
    for path in paths:
        if path.endswith("/withdrawn.yml"):
            if file := loader.read(WithdrawnFile, path):
                agency = path.split("/")[1]
                tombstones += [
                    TombstoneRecord(
                        agency,
                        row,
                        loader.place(path, f"withdrawn.{n}.index_number"),
                        loader.place(path, f"withdrawn.{n}.successor"),
                    )
                    for n, row in enumerate(file.withdrawn)
                ]
        elif path.startswith("vocab/holidays/") and (notice := loader.read(HolidayNotice, path)):
            notices[int(path[-8:-4])] = notice
    loader.tell_private(site, agencies)
    return Settings(
        site or Site(),
        vocabularies,
        columns,
        agencies,
        tuple(tombstones),
        working_calendar(notices),
        tuple(loader.problems),
        loader.places,
        digest_of_text(*loader.digests),
        search_words,
        search_digest,
    )


class _Loader:
    """Reads data files and gathers their problems and places."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.places: dict[str, Places] = {}
        self.digests: list[str] = []
        self.looks: dict[str, Look] = {}

    def read(self, model: type[Model], path: str, **given: object) -> Model | None:
        """Bind one data file, or say what is wrong with it."""
        text = self.text(path)
        if text is None:
            return None
        self.digests += [path, text]
        bound = self.bind_text(model, path, text, **given)
        return bound.model if bound else None

    def text(self, path: str) -> str | None:
        """Return the text of one data file, or say what is wrong with it."""
        _, text, problems = read_source(self.root, path)
        self.problems += problems
        if text is not None:
            self.looks[path] = Look().read(text)
        return text

    def bind_text(
        self, model: type[Model], path: str, text: str, **given: object
    ) -> Bound[Model] | None:
        fields, problems = read_yaml(path, text, limit_kb=DATA_LIMIT_KB)
        self.problems += problems
        if fields is None:
            return None
        if path in self.looks:
            self.looks[path].read_fields(fields, text)
        bound = bind(model, path, fields, **given)
        self.problems += bound.problems
        self.places[path] = bound.places
        return bound

    def place(self, path: str, dotted: str) -> Place:
        return place_of(path, self.places.get(path, {}), dotted)

    def tell_private(self, site: Site | None, agencies: Mapping[str, Agency]) -> None:
        """Tell of personal data and marks of secrecy; no other problem may hold any of it.

        ``site.yml`` may waive for itself and the vocabularies, ``agency.yml`` for itself.
        """
        hidden = {path: look for path, look in self.looks.items() if not look.is_clean}
        self.problems = [
            hidden[q.place.path].hidden_problems([q])[0] if q.place.path in hidden else q
            for q in self.problems
        ]
        shared = Look()
        for path, look in self.looks.items():
            parts = path.split("/")
            owner: Site | Agency | None = None
            if parts[0] != "agencies":
                owner = site
                shared.found += look.found
            elif parts[-1] == "agency.yml":
                owner = agencies.get(parts[1])
            waivers = owner.privacy_waivers if owner else ()
            self.problems += look.problems(path, waivers, can_waive=owner is not None)
            if isinstance(owner, Agency):
                self.problems += look.unmatched(waivers, self._places_of_waivers(path))
        if site:
            at = self._places_of_waivers("site.yml")
            self.problems += shared.unmatched(site.privacy_waivers, at)

    def _places_of_waivers(self, path: str) -> Callable[[int], Place]:
        return lambda n: self.place(path, f"privacy_waivers.{n}")

    def vocabulary(self, name: str, is_there: bool) -> Vocabulary:
        path = f"vocab/{name}.yml"
        file = self.read(TermsFile, path) if is_there else None
        terms = file.terms if file else ()
        self._unique(
            [(term.code, f"terms.{n}.code") for n, term in enumerate(terms)],
            path,
            _ITEM_CODE if name == "article-20" else _TERM_CODE,
        )
        return Vocabulary(name, terms)

    def search_words(self, path: str, is_there: bool) -> tuple[SearchWords, str]:
        """Return the words of search and their digest; a site need not have any."""
        text = self.text(path) if is_there else None
        bound = self.bind_text(SearchWords, path, text) if text is not None else None
        words = bound.model if bound and bound.model else SearchWords()
        for slip in words.slips():
            facts = dict(slip.facts)
            if "first" in facts:
                facts["first"] = self.place(path, facts["first"]).line
            self.problems.append(Problem(slip.code, self.place(path, slip.field), facts))
        return words, digest_of_value(words.model_dump(mode="json"))

    def columns(self, path: str) -> dict[str, Column]:
        file = self.read(ColumnsFile, path)
        if file is None:
            return {}
        specs: tuple[ColumnSpec, ...] = ()
        for n, use in enumerate(file.presets):
            preset = self._preset(use.name)
            if preset is None:
                facts = {
                    "key": "presets",
                    "label": "预设",
                    "value": use.name,
                    "where": "、".join(PRESETS),
                    **p.hint(nearest(use.name, PRESETS)),
                }
                self.problems.append(
                    Problem(p.NOT_IN_VOCABULARY, self.place(path, f"presets.{n}"), facts)
                )
                continue
            given = {"owner": use.owner, "agencies": use.agencies}
            specs += tuple(spec.model_copy(update=given) for spec in preset.columns)
        specs += file.columns
        columns: dict[str, Column] = {}
        for column in flatten(specs):
            dotted = self._column_path(file.columns, column.code) or "presets"
            place = self.place(path, dotted)
            if column.code in columns:
                facts = {"value": column.code, "other": path}
                self.problems.append(Problem(p.REPEATED_CODE, place, facts))
                continue
            if not fits(_CODE, column.code):
                self.problems.append(Problem(p.BAD_CODE, place, {"value": column.code}))
            if not is_period(column.period):
                self.problems.append(Problem(p.COLUMN_WITHOUT_PERIOD, place, {"name": column.name}))
            columns[column.code] = column
        for needed in ("guide", "reports", "apply"):
            if needed not in columns:
                self.problems.append(Problem(p.COLUMN_MISSING, Place(path), {"code": needed}))
        return columns

    def _column_path(
        self, specs: tuple[ColumnSpec, ...], code: str, prefix: str = "columns"
    ) -> str:
        for n, spec in enumerate(specs):
            if spec.code == code:
                return f"{prefix}.{n}.code"
            if found := self._column_path(spec.children, code, f"{prefix}.{n}.children"):
                return found
        return ""

    def _preset(self, name: str) -> ColumnsFile | None:
        if name not in PRESETS:
            return None
        path = f"presets/{name}.yml"
        text = resources.files("gongkai").joinpath("presets", f"{name}.yml").read_text("utf-8")
        self.digests.append(text)
        bound = self.bind_text(ColumnsFile, path, text)
        return bound.model if bound else None

    def agencies(self, found: Iterable[Found], paths: list[str]) -> dict[str, Agency]:
        agencies: dict[str, Agency] = {}
        codes: dict[str, str] = {}
        names: dict[str, str] = {}
        folders = sorted({item.agency for item in found if item.agency})
        for folder in folders:
            path = f"agencies/{folder}/agency.yml"
            if path not in paths:
                remedy = {
                    "remedy": "请写明单位名称、代码和联系方式",
                    "remedy_en": "name the agency and its codes",
                }
                self.problems.append(Problem(p.MISSING_FILE, Place(path), {"file": path, **remedy}))
                continue
            agency = self.read(Agency, path, id=folder)
            if agency is None:
                continue
            agencies[folder] = agency
            for key in REQUIRED_CONTACTS:
                if not getattr(agency.contact, key):
                    facts = {"key": key, "label": Contact.model_fields[key].title}
                    self.problems.append(Problem(p.NO_CONTACT, self.place(path, "contact"), facts))
            for n, code in enumerate(agency.codes):
                if code in codes:
                    facts = {"value": code, "other": codes[code]}
                    place = self.place(path, f"codes.{n}")
                    self.problems.append(Problem(p.REPEATED_CODE, place, facts))
                codes.setdefault(code, path)
            name = fold(agency.name)
            if name in names:
                facts = {"value": agency.name, "other": names[name]}
                self.problems.append(Problem(p.REPEATED_CODE, self.place(path, "name"), facts))
            names.setdefault(name, path)
        for agency in agencies.values():
            self._check_parent(agency, agencies)
        return agencies

    def _check_parent(self, agency: Agency, agencies: Mapping[str, Agency]) -> None:
        place = self.place(f"agencies/{agency.id}/agency.yml", "parent")
        chain = [agency.id]
        parent = agency.parent
        while parent:
            if parent not in agencies:
                facts = {"value": parent, **p.hint(nearest(parent, agencies))}
                self.problems.append(Problem(p.UNKNOWN_AGENCY, place, facts))
                return
            if parent in chain:
                facts = {"chain": " → ".join([*chain, parent])}
                self.problems.append(Problem(p.AGENCY_CYCLE, place, facts))
                return
            chain.append(parent)
            parent = agencies[parent].parent

    def check_columns(self, columns: Mapping[str, Column], agencies: Mapping[str, Agency]) -> None:
        """Check that owners and agencies of columns exist."""
        for column in columns.values():
            for agency in (*column.agencies, *([column.owner] if column.owner else ())):
                if agency not in agencies:
                    facts = {"value": agency, **p.hint(nearest(agency, agencies))}
                    self.problems.append(
                        Problem(p.UNKNOWN_AGENCY, Place("vocab/columns.yml"), facts)
                    )

    def check_host(self, site: Site, agencies: Mapping[str, Agency]) -> None:
        """Check that the front page's agency exists: navigation and footer lead to it."""
        if site.host not in agencies:
            facts = {"value": site.host, **p.hint(nearest(site.host, agencies))}
            self.problems.append(Problem(p.UNKNOWN_AGENCY, self.place("site.yml", "host"), facts))

    def check_site(self, site: Site) -> None:
        """Check what footer and page tags need (国办发〔2017〕47号)."""
        for model, item, prefix, rules in (
            (Site, site, "", REQUIRED_IDENTITY),
            (SiteContact, site.contact, "contact.", REQUIRED_SITE_CONTACTS),
        ):
            for key, (pattern, remedy, remedy_en) in rules.items():
                value = getattr(item, key)
                facts = {
                    "key": prefix + key,
                    "label": model.model_fields[key].title,
                    "value": value,
                    "remedy": remedy,
                    "remedy_en": remedy_en,
                }
                place = self.place("site.yml", prefix + key)
                if not value:
                    self.problems.append(Problem(p.MISSING_IDENTITY, place, facts))
                elif not fits(pattern, value):
                    self.problems.append(Problem(p.BAD_IDENTITY, place, facts))

        for n, form in enumerate(site.index_number_forms):
            try:
                re.compile(form.regex)
            except re.error:
                facts = {"key": "regex", "label": "写法", "expected": "一个正则表达式"}
                facts["expected_en"] = "a regular expression"
                place = self.place("site.yml", f"index_number_forms.{n}.regex")
                self.problems.append(Problem(p.WRONG_SHAPE, place, facts))

    def _unique(self, codes: list[tuple[str, str]], path: str, pattern: str) -> None:
        seen: set[str] = set()
        for code, dotted in codes:
            place = self.place(path, dotted)
            if not fits(pattern, code):
                self.problems.append(Problem(p.BAD_CODE, place, {"value": code}))
            if code in seen:
                self.problems.append(
                    Problem(p.REPEATED_CODE, place, {"value": code, "other": path})
                )
            seen.add(code)


PRESETS = ("statutory", "direct-reporting")
