"""Names and codes of French territories: one from the other, homonyms told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parvis.core.text import fold

ARTICLES = frozenset({"le", "la", "les", "l"})
_AFTER = re.compile(r"^(.*?)\s*\((le|la|les|l')\)$")
_NUMBERED = re.compile(r"\b(?:cedex(?:\s+\d+)?|\d{1,2}(?:er|e|eme)?(?:\s+arrondissement)?)\s*$")
MOST_GUESSED = 20_000
"""Different names that are looked for by their likeness; what is beyond is told as unknown."""
_ARRONDISSEMENTS = {range(13201, 13217): "13055", range(69381, 69390): "69123", range(75101, 75121): "75056"}
"""Codes of the municipal arrondissements of Marseille, Lyon and Paris, and the commune that they are part of."""
_CLEAR_LEAD = 0.04
"""By how much the best likeness must exceed the next one, to be no guess."""


def name_key(name: str) -> str:
    """A name as it is compared: « St-Denis » and « SAINT DENIS » are one; « Havre (Le) » is « le havre »."""
    text = fold(name.strip())
    if match := _AFTER.match(text):
        text = f"{match[2]} {match[1]}"
    text = re.sub(r"\bs/\s*|\b/s\b", "sur ", text)
    words = re.sub(r"[^a-z0-9]+", " ", text).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def _bare(key: str) -> str:
    words = key.split()
    return " ".join(words[1:]) if len(words) > 1 and words[0] in ARTICLES else key


@dataclass(frozen=True, slots=True)
class Place:
    """A territory: its kind, code and name, and the codes of what it is part of."""

    kind: str
    code: str
    name: str
    epci: str = ""
    department: str = ""
    region: str = ""
    population: int | None = None
    postcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """What was made of a name or code: a place and how sure it is, or the reason why there is none."""

    place: Place | None
    score: float = 0.0
    reason: str = ""
    others: tuple[Place, ...] = ()


@dataclass(slots=True)
class Gazetteer:
    """The territories of one kind, by code and by name."""

    kind: str
    by_code: dict[str, Place] = field(default_factory=dict)
    by_key: dict[str, list[Place]] = field(default_factory=dict)
    by_bare: dict[str, list[Place]] = field(default_factory=dict)
    departments: dict[str, str] = field(default_factory=dict)
    guessed: int = 0

    @classmethod
    def of(cls, kind: str, rows: Iterable[Mapping[str, Any]]) -> Gazetteer:
        """The one of rows of the instance's table of territories."""
        made = cls(kind)
        former: dict[str, Place] = {}
        for row in rows:
            place = Place(
                row["kind"], row["code"], row["name"], row["epci"], row["department"], row["region"],
                row["population"], tuple(row["postcodes"] or ()),
            )  # fmt: skip
            if place.kind == "departement":
                made.departments[name_key(place.name)] = place.code
            if place.kind != kind:
                continue
            made.by_code[place.code] = place
            key = name_key(place.name)
            made.by_key.setdefault(key, []).append(place)
            made.by_bare.setdefault(_bare(key), []).append(place)
            former |= dict.fromkeys(row["former_codes"] or (), place)
        made.by_code = {**former, **made.by_code}
        return made

    def of_code(self, text: str) -> Match:
        """The territory of a code, zeros lost in a spreadsheet given back; of one that was replaced, what it is part of now."""
        code = text.strip().upper()
        if self.kind == "commune" and len(code) == 4 and code.isdecimal():
            code = f"0{code}"
        if self.kind == "departement" and len(code) == 1:
            code = f"0{code}"
        if self.kind == "departement" and len(code) == 3 and code.startswith("0"):
            code = code[1:]
        place = self.by_code.get(code) or self._of_arrondissement(code)
        if place is None:
            return Match(None, reason="unknown-code")
        return Match(place, 1.0 if place.code == code else 0.95)

    def _of_arrondissement(self, code: str) -> Place | None:
        """The commune of a municipal arrondissement, which has an official code and is no commune."""
        if self.kind != "commune" or not code.isdecimal():
            return None
        commune = next((commune for codes, commune in _ARRONDISSEMENTS.items() if int(code) in codes), "")
        return self.by_code.get(commune)

    def of_name(self, text: str, within: str = "", least: float = 0.9) -> Match:
        """The territory of a name; ``within`` is a postcode, a department (code or name) or a region that it is in."""
        key = name_key(text)
        if not key:
            return Match(None, reason="unknown-name")
        for score, candidates in (
            (1.0, self.by_key.get(key)),
            (0.98, self.by_bare.get(_bare(key))),
            (0.95, self.by_key.get(_NUMBERED.sub("", key).strip())),
        ):
            places = self._within(candidates or (), within)
            if len(places) == 1:
                return Match(places[0], score)
            if places:
                return Match(None, reason="homonym", others=tuple(places))
        return self._alike(key, within, least)

    def _within(self, places: Sequence[Place], within: str) -> list[Place]:
        area = within.strip().upper()
        if not area:
            return list(places)
        if re.fullmatch(r"\d{4,5}|2[AB]\d{3}", area):
            area = area.zfill(5)
            by_post = [place for place in places if area in place.postcodes or place.code == area]
            department = area[:3] if area.startswith(("97", "98")) else area[:2]
            return by_post or [place for place in places if _same_department(place, department)]
        code = self.departments.get(name_key(within), area.zfill(2))
        return [place for place in places if _same_department(place, code)]

    def _alike(self, key: str, within: str, least: float) -> Match:
        from rapidfuzz import fuzz, process  # noqa: PLC0415 most imports look for no name

        if least >= 1 or len(key) < 3 or self.guessed >= MOST_GUESSED:
            return Match(None, reason="unknown-name")
        self.guessed += 1
        pool = (
            self.by_key
            if not within.strip()
            else [k for k, places in self.by_key.items() if self._within(places, within)]
        )
        best = process.extract(key, list(pool), scorer=fuzz.ratio, score_cutoff=100 * least, limit=3)
        if not best:
            return Match(None, reason="unknown-name")
        places = self._within(self.by_key[best[0][0]], within)
        clear = len(best) == 1 or best[0][1] - best[1][1] >= 100 * _CLEAR_LEAD
        if len(places) == 1 and clear:
            return Match(places[0], round(best[0][1] / 100, 3))
        others = [place for name, _score, _rank in best for place in self._within(self.by_key[name], within)]
        return Match(None, reason="homonym", others=tuple(others[:10]))


def _same_department(place: Place, department: str) -> bool:
    if department in ("2A", "2B", "20") and place.department in ("2A", "2B"):
        return department in ("20", place.department)
    return department in (place.department, place.code if place.kind == "departement" else place.department)
