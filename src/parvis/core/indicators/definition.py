"""What an indicator is: its question, how it is computed, how its values are judged; and the JSON form of all that."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from parvis.core.descriptions import Checks, shown
from parvis.core.indicators.errors import BadIndicator
from parvis.core.indicators.formula import names_of

POPULATION = "population"
"""The part that is not asked of a dataset: inhabitants of the territory, in the shipped reference."""
DIRECTIONS = ("higher", "lower", "neutral")
REFRESHES = ("publication", "manual")
"""Computed when a source is published, or only when somebody asks."""
LEVELS = ("", "commune", "epci", "departement", "region")
COMPUTING = ("parts", "formula", "unit", "territory", "level", "place", "period")
"""What the figures come from, or are told with; the rest of a definition says how they are read."""
MOST_PARTS = 6
LARGEST_JSON = 40_000
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")
_DATASET = re.compile(r"[a-z0-9_-]{1,100}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_checks = Checks(BadIndicator)
_must = _checks.require
_TERRITORY = re.compile(r"(?:(?:commune|epci|ept|departement|region):[0-9A-Z]{1,9})?")


@dataclass(frozen=True, slots=True)
class Part:
    """One aggregate asked of one dataset; ``territory`` and ``period`` are the ODSQL expressions that it is grouped by."""

    dataset: str
    select: str
    where: tuple[str, ...] = ()
    territory: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator; without ``formula`` it has one part, whose answer is the value.

    ``decimals`` are those written. ``on_track`` and ``watch`` are the bounds of the words « en bonne voie » and « à surveiller »;
    beyond both, « en retard ». ``deadline`` is an ISO date. ``late_after`` is the age in days beyond which the source is late;
    0 for a source that is not expected again.
    """

    slug: str
    title: str
    question: str
    parts: Mapping[str, Part]
    formula: str = ""
    unit: str = ""
    decimals: int = 0
    direction: str = "neutral"
    level: str = ""
    """Kind of the territories that parts are grouped by; empty when their codes are plain words."""
    territory: str = ""
    """The territory of the whole: ``epci:200059228``."""
    place: str = ""
    """Its name, where no code tells it."""
    period: str = ""
    """Period of the whole when no part is grouped by period: « 2018 »."""
    target: float | None = None
    deadline: str = ""
    on_track: float | None = None
    watch: float | None = None
    method: str = ""
    refresh: str = "publication"
    late_after: int = 0

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that are asked, each once, in order."""
        return tuple(dict.fromkeys(part.dataset for part in self.parts.values()))

    @property
    def computed(self) -> str:
        """The formula, or the name of the only part."""
        return self.formula or next(iter(self.parts))

    @property
    def needs_population(self) -> bool:
        """Whether the inhabitants of the territory are in the formula."""
        return POPULATION in names_of(self.computed, {*self.parts, POPULATION})

    @property
    def has_periods(self) -> bool:
        """Whether values follow one another in time."""
        return any(part.period for part in self.parts.values())

    @property
    def has_territories(self) -> bool:
        """Whether the whole is told by territory too."""
        return all(part.territory for part in self.parts.values())

    def computes_as(self, other: Definition) -> bool:
        """Whether the other one gives the same figures from the same rows."""
        return all(getattr(self, name) == getattr(other, name) for name in COMPUTING)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object: what differs from the defaults."""
        body = {one.name: getattr(self, one.name) for one in fields(self)}
        body["parts"] = {name: _changed_attributes(part) for name, part in self.parts.items()}
        return {one.name: body[one.name] for one in fields(self) if body[one.name] != one.default}

    def to_json(self) -> str:
        """The text of ``to_dict``, the same for equal definitions."""
        return json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_dict(cls, body: object) -> Definition:
        """The definition that an object says; BadIndicator names what is wrong, BadFormula for its formula."""
        if not isinstance(body, Mapping):
            raise BadIndicator(name="/", value=shown(body), expected="un objet JSON")
        rows = body.get("parts")
        if not isinstance(rows, Mapping) or not 1 <= len(rows) <= MOST_PARTS:
            raise BadIndicator(name="parts", value=shown(rows), expected=f"1 – {MOST_PARTS} parts")
        parts = {str(name): _checks.read(Part, row, f"parts.{str(name)[:40]}.") for name, row in rows.items()}
        definition: Definition = _checks.read(cls, {**body, "parts": parts}, "")
        _check(definition)
        return definition

    @classmethod
    def from_json(cls, text: str) -> Definition:
        """The definition that a JSON text says."""
        try:
            body = json.loads(text) if len(text) <= LARGEST_JSON else None
        except (ValueError, RecursionError) as error:
            raise BadIndicator(name="/", value=shown(text), expected="JSON") from error
        return cls.from_dict(body)


_LENGTHS = {"title": 200, "question": 300, "unit": 40, "method": 4000, "place": 120, "period": 20}


def _check(definition: Definition) -> None:
    for name, allowed in (("direction", DIRECTIONS), ("refresh", REFRESHES), ("level", LEVELS)):
        _must(getattr(definition, name) in allowed, name, getattr(definition, name), ", ".join(filter(None, allowed)))
    for name, most in _LENGTHS.items():
        _must(len(getattr(definition, name)) <= most, name, getattr(definition, name), f"{most} caractères au plus")
    for name in ("title", "question", "method"):
        _must(bool(getattr(definition, name).strip()), name, getattr(definition, name), "un texte")
    _must(bool(_SLUG.fullmatch(definition.slug)), "slug", definition.slug, "[a-z0-9-]+")
    _must(bool(_TERRITORY.fullmatch(definition.territory)), "territory", definition.territory, "epci:200059228")
    _must(0 <= definition.decimals <= 6, "decimals", definition.decimals, "0 – 6")
    _must(0 <= definition.late_after <= 36_500, "late_after", definition.late_after, "0 – 36500")
    _must(_is_day(definition.deadline), "deadline", definition.deadline, "2030-12-31")
    for name, part in definition.parts.items():
        _must(bool(_NAME.fullmatch(name)) and name != POPULATION, "parts", name, "[a-z][a-z0-9_]*, pas « population »")
        _must(bool(_DATASET.fullmatch(part.dataset)), f"parts.{name}.dataset", part.dataset, "[a-z0-9_-]+")
        texts = (part.select, *part.where, part.territory, part.period)
        _must(bool(part.select.strip()), f"parts.{name}.select", part.select, "sum(places)")
        _must(all(len(text) <= 2000 for text in texts), f"parts.{name}", "…", "2000 caractères au plus")
    _must(bool(definition.formula) or len(definition.parts) == 1, "formula", definition.formula, "créées - radiées")
    _check_words(definition)
    names_of(definition.computed, {*definition.parts, POPULATION})


def _check_words(definition: Definition) -> None:
    """Bounds go together, in the order that the direction says."""
    if definition.on_track is None and definition.watch is None:
        return
    ordered = definition.on_track is not None and definition.watch is not None and definition.direction != "neutral"
    if ordered and definition.on_track is not None and definition.watch is not None:
        ordered = (
            definition.on_track >= definition.watch
            if definition.direction == "higher"
            else definition.on_track <= definition.watch
        )
    _must(
        ordered,
        "on_track, watch",
        f"{definition.on_track}, {definition.watch}",
        "deux nombres, dans l’ordre que dit « direction »",
    )


def _is_day(text: str) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False


def _changed_attributes(part: Part) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(part).items() if value}
