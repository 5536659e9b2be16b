"""Questions with their answers: each is written at random, and answered by plain Python over the same rows."""

from __future__ import annotations

import itertools
import math
import random
import re
import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fuzzing.rows import ASKED, Row

type Test = Callable[[Row], bool]
type Condition = tuple[str, Test]

BASE = f"/api/explore/v2.1/catalog/datasets/{ASKED}"
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what says whether the body of its answer is right: an empty text, or what is wrong."""

    target: str
    judge: Callable[[Any], str]


def fold(text: str) -> str:
    """Lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def words(text: str | None) -> list[str]:
    """The words of a text, folded."""
    return re.findall(r"[^\W_]+", fold(text or ""))


def _metres(point: dict[str, float], lon: float, lat: float) -> float:
    start_lat, end_lat = math.radians(point["lat"]), math.radians(lat)
    half = math.radians(lon - point["lon"]) / 2
    h = math.sin((end_lat - start_lat) / 2) ** 2 + math.cos(start_lat) * math.cos(end_lat) * math.sin(half) ** 2
    return 2 * 6371008.8 * math.asin(math.sqrt(h))


class Oracle:
    """Writes questions from one source of chance."""

    def __init__(self, rows: list[Row], chance: random.Random) -> None:
        self.rows = rows
        self.chance = chance
        self.pick = chance.choice

    # The words of the language, in their several spellings.

    def field(self, name: str) -> str:
        """A name, sometimes in its quotes."""
        return f"`{name}`" if self.chance.random() < 0.15 else name

    def text(self, value: str) -> str:
        """A text in one kind of quotes or the other."""
        quote = "'" if '"' in value or ("'" not in value and self.chance.random() < 0.5) else '"'
        return f"{quote}{value}{quote}"

    def word(self, keyword: str) -> str:
        """A keyword in some case."""
        return self.pick([keyword, keyword.upper(), keyword.capitalize()])

    def known(self, name: str) -> Any:
        """A value that the column holds."""
        return self.pick([row[name] for row in self.rows if row[name] is not None])

    def number(self) -> float | int:
        """A number near those of the rows."""
        return self.pick([self.known("rang"), self.known("montant"), self.chance.randint(-60, 260), 0.5])

    # Conditions.

    def condition(self, depth: int = 0) -> Condition:
        """A condition and its test."""
        kind = self.chance.random()
        if depth < 3 and kind < 0.22:
            return self.joined([self.condition(depth + 1) for _ in range(self.chance.randint(2, 3))])
        if depth < 3 and kind < 0.3:
            # Without parentheses: « and » holds tighter than « or ».
            (a, p), (b, q), (c, r) = (self.simple() for _ in range(3))
            return f"{a} {self.word('or')} {b} {self.word('and')} {c}", lambda row: p(row) or (q(row) and r(row))
        if depth < 3 and kind < 0.42:
            text, test = self.condition(depth + 1)
            return f"{self.word('not')} ({text})", lambda row: not test(row)
        return self.simple()

    def joined(self, parts: list[Condition]) -> Condition:
        """Some conditions, all or any of them."""
        keyword, fold_of = self.pick([("and", all), ("or", any)])
        between = f"{self.pick([' ', '  ', chr(10)])}{self.word(keyword)} "
        tests = [test for _text, test in parts]
        return between.join(f"({text})" for text, _test in parts), lambda row: fold_of(test(row) for test in tests)

    def simple(self) -> Condition:
        """One condition without « and », « or », « not »."""
        return self.pick(
            [
                *(self.numbers, self.numbers, self.sums, self.texts, self.texts, self.listed, self.bounded, self.days),
                *(self.instants, self.truths, self.nulls, self.likes, self.full_texts, self.starts, self.several),
                *(self.near, self.boxed, self.lengths, self.parts_of_days, self.replaced),
            ]
        )()

    def numbers(self) -> Condition:
        name, sign, value = self.pick(["rang", "montant"]), self.pick([*_COMPARE]), self.number()
        test = _COMPARE[sign]
        return f"{self.field(name)} {sign} {value}", lambda row: row[name] is not None and test(row[name], value)

    def sums(self) -> Condition:
        factor, shift, sign = self.chance.randint(1, 4), self.chance.randint(0, 30), self.pick([*_COMPARE])
        test, value = _COMPARE[sign], self.number()
        return (
            f"rang * {factor} - montant + {shift} {sign} {value}",
            lambda row: (
                None not in (row["rang"], row["montant"]) and test(row["rang"] * factor - row["montant"] + shift, value)
            ),
        )

    def texts(self) -> Condition:
        sign, value = self.pick(["=", "!=", ":"]), self.pick([self.known("nom"), "inconnu", ""])
        is_equal = sign != "!="
        return (
            f"{self.field('nom')}{self.pick(['', ' '])}{sign} {self.text(value)}",
            lambda row: row["nom"] is not None and (row["nom"] == value) is is_equal,
        )

    def listed(self) -> Condition:
        name = self.pick(["rang", "nom"])
        values = [self.known(name) for _ in range(self.chance.randint(1, 4))]
        literals = ", ".join(self.text(value) if isinstance(value, str) else str(value) for value in values)
        return f"{self.field(name)} {self.word('in')} ({literals})", lambda row: row[name] in values

    def bounded(self) -> Condition:
        name = self.pick(["rang", "montant", "jour"])
        low, high = sorted([self.known(name), self.known(name)])
        opening, closing = self.pick("[]"), self.pick("[]")
        literals = [f"date'{value}'" if name == "jour" else str(value) for value in (low, high)]
        above = _COMPARE[">=" if opening == "[" else ">"]
        below = _COMPARE["<=" if closing == "]" else "<"]
        return (
            f"{name} in {opening}{literals[0]} {self.pick(['..', 'to'])} {literals[1]}{closing}",
            lambda row: row[name] is not None and above(row[name], low) and below(row[name], high),
        )

    def days(self) -> Condition:
        sign, value = self.pick([*_COMPARE]), self.known("jour")
        test, literal = _COMPARE[sign], self.pick([f"date'{value}'", f'"{value}"'])
        return f"jour {sign} {literal}", lambda row: row["jour"] is not None and test(row["jour"], value)

    def instants(self) -> Condition:
        sign, value = self.pick(["<", ">", "<=", ">=", "=", "!="]), self.known("instant")
        test, literal = _COMPARE[sign], value.replace("+00:00", self.pick(["Z", "+00:00"]))
        return f"instant {sign} date'{literal}'", lambda row: row["instant"] is not None and test(row["instant"], value)

    def truths(self) -> Condition:
        return self.pick(
            [
                ("ouvert", lambda row: row["ouvert"] is True),
                ("ouvert is true", lambda row: row["ouvert"] is True),
                ("ouvert is false", lambda row: row["ouvert"] is False),
                ("ouvert is not true", lambda row: row["ouvert"] is not True),
                ("ouvert is not false", lambda row: row["ouvert"] is not False),
                ("ouvert = true", lambda row: row["ouvert"] is True),
                ("ouvert = false", lambda row: row["ouvert"] is False),
            ]
        )

    def nulls(self) -> Condition:
        name = self.pick(["nom", "rang", "montant", "ouvert", "jour", "instant", "themes", "lieu"])
        if self.chance.random() < 0.5:
            return f"{self.field(name)} is null", lambda row: row[name] is None
        return f"{self.field(name)} {self.word('is')} not null", lambda row: row[name] is not None

    def a_word(self) -> str:
        """A word of some row, folded or not, or of none."""
        phrase = self.pick([self.known("nom"), self.pick(self.known("themes")), "absent"])
        return self.pick([*re.findall(r"[^\W_]+", phrase), "absent"])

    def likes(self) -> Condition:
        chosen_words = [self.a_word() for _ in range(self.chance.randint(1, 2))]
        needed = {fold(word) for word in chosen_words}
        return (
            f"nom {self.word('like')} {self.text(' '.join(chosen_words))}",
            lambda row: needed <= set(words(row["nom"])),
        )

    def full_texts(self) -> Condition:
        word = self.a_word()
        if word.isdigit():
            word = "absent"
        return self.text(word), lambda row: fold(word) in _everywhere(row)

    def starts(self) -> Condition:
        beginning = self.known("nom")[: self.chance.randint(1, 4)]
        return (
            f"startswith(nom, {self.text(beginning)})",
            lambda row: (row["nom"] or "").startswith(beginning),
        )

    def several(self) -> Condition:
        value = self.pick(self.known("themes"))
        form = self.pick(["themes = {}", "{} in themes", "themes != {}"])
        if "!" in form:
            return form.format(self.text(value)), lambda row: bool(row["themes"]) and value not in row["themes"]
        return form.format(self.text(value)), lambda row: value in (row["themes"] or [])

    def near(self) -> Condition:
        lon, lat = 2 + self.chance.randint(0, 90) / 100, 48 + self.chance.randint(0, 90) / 50
        distances = sorted(_metres(row["lieu"], lon, lat) for row in self.rows if row["lieu"])
        # Half-way between two rows: the oracle's sphere and the engine's may differ by a little.
        gaps = [(a, b) for a, b in itertools.pairwise(distances) if b - a > 100]
        low, high = self.pick(gaps)
        radius = round((low + high) / 2)
        return (
            self.pick(
                [
                    f"within_distance(lieu, geom'POINT({lon} {lat})', {radius}m)",
                    f"distance(lieu, geom'POINT({lon} {lat})', {radius}m)",
                ]
            ),
            lambda row: row["lieu"] is not None and _metres(row["lieu"], lon, lat) <= radius,
        )

    def boxed(self) -> Condition:
        west, east = sorted(2 + self.chance.randint(0, 90) / 100 + 0.005 for _ in range(2))
        south, north = sorted(48 + self.chance.randint(0, 90) / 50 + 0.005 for _ in range(2))
        return (
            f"in_bbox(lieu, {south}, {west}, {north}, {east})",
            lambda row: (
                row["lieu"] is not None and west <= row["lieu"]["lon"] <= east and south <= row["lieu"]["lat"] <= north
            ),
        )

    def lengths(self) -> Condition:
        sign, value = self.pick([*_COMPARE]), self.chance.randint(0, 16)
        test = _COMPARE[sign]
        return f"length(nom) {sign} {value}", lambda row: row["nom"] is not None and test(len(row["nom"]), value)

    def parts_of_days(self) -> Condition:
        part, place = self.pick([("year", slice(0, 4)), ("month", slice(5, 7)), ("day", slice(8, 10))])
        value, sign = int(self.known("jour")[place]), self.pick([*_COMPARE])
        test = _COMPARE[sign]
        return (
            f"{part}(jour) {sign} {value}",
            lambda row: row["jour"] is not None and test(int(row["jour"][place]), value),
        )

    def replaced(self) -> Condition:
        instead, sign, value = self.chance.randint(-50, 250), self.pick([*_COMPARE]), self.chance.randint(-50, 250)
        test = _COMPARE[sign]
        return (
            f"ifnull(rang, {instead}) {sign} {value}",
            lambda row: test(instead if row["rang"] is None else row["rang"], value),
        )

    # Whole questions.

    def filters(self) -> tuple[list[tuple[str, str]], list[Row]]:
        """Parameters that keep some rows, and these rows in the order of the source."""
        pairs, rows = [], self.rows
        for _ in range(self.pick([0, 1, 1, 1, 2])):
            text, test = self.condition()
            pairs.append(("where", text))
            rows = [row for row in rows if test(row)]
        chosen = self.chance.random()
        if chosen < 0.15:
            value = self.known("nom")
            pairs.append(("refine", f"nom:{self.text(value) if ':' in value else value}"))
            rows = [row for row in rows if row["nom"] == value]
        elif chosen < 0.25:
            year = self.known("jour")[:4]
            pairs.append(("refine", f"jour:{year}"))
            rows = [row for row in rows if (row["jour"] or "")[:4] == year]
        elif chosen < 0.35:
            theme = self.pick(self.known("themes"))
            pairs.append(("exclude", f"themes:{theme}"))
            rows = [row for row in rows if theme not in (row["themes"] or [])]
        return pairs, rows

    def order(self, rows: list[Row]) -> tuple[list[tuple[str, str]], list[Row]]:
        """An order, or none, and the rows in it; nulls come last, equals stay as they were."""
        clauses: list[str] = []
        for name in self.chance.sample(["nom", "rang", "montant", "jour", "instant"], self.pick([0, 1, 1, 2])):
            clauses.insert(0, self.pick([name, f"{name} asc", f"{name} desc", f"-{name}"]))
            backwards = clauses[0].startswith("-") or clauses[0].endswith("desc")
            present = [row for row in rows if row[name] is not None]
            present.sort(key=lambda row, name=name: _key(row[name]), reverse=backwards)
            rows = [*present, *(row for row in rows if row[name] is None)]
        return ([("order_by", ", ".join(clauses))] if clauses else []), rows

    def page(self) -> Asked:
        """A page of rows."""
        pairs, filtered = self.filters()
        ordering, rows = self.order(filtered)
        names = [
            "ref",
            *self.chance.sample(["nom", "rang", "montant", "ouvert", "jour", "instant", "themes", "lieu"], 3),
        ]
        limit, offset = self.chance.randint(0, 100), self.pick([0, 0, 1, 7, 50])
        expected = [{name: row[name] for name in names} for row in rows[offset : offset + limit]]
        pairs += [*ordering, ("select", ", ".join(names)), ("limit", str(limit)), ("offset", str(offset))]
        total = len(filtered)
        return Asked(
            _target(f"{BASE}/records", pairs),
            lambda body: _same({"total_count": total, "results": expected}, body),
        )

    def export(self) -> Asked:
        """A whole answer."""
        pairs, filtered = self.filters()
        ordering, rows = self.order(filtered)
        expected = [{"ref": row["ref"], "rang": row["rang"], "nom": row["nom"]} for row in rows]
        target = _target(f"{BASE}/exports/json", [*pairs, *ordering, ("select", "ref, rang, nom")])
        return Asked(target, lambda body: _same(expected, body))

    def facet(self) -> Asked:
        """The counts of a facet."""
        text, test = self.condition()
        filtered = [row for row in self.rows if test(row)]
        name = self.pick(["nom", "themes"])
        values = [value for row in filtered for value in _values(row[name])]
        expected = dict(Counter(values))

        def judge(body: Any) -> str:
            actual = {row["value"]: row["count"] for group in body["facets"] for row in group["facets"]}
            return _same(expected, actual)

        return Asked(_target(f"{BASE}/facets", [("where", text), ("facet", name)]), judge)

    def group(self) -> Asked:
        """Groups and their aggregations."""
        pairs, filtered = self.filters()
        key_text, keys = self.pick(_KEYS)
        groups: dict[Any, list[Row]] = defaultdict(list)
        for row in filtered:
            for key in keys(row):
                groups[key].append(row)
        chosen = self.chance.sample(list(_AGGREGATIONS), 3)
        select = ", ".join(f"{text} as a{n}" for n, text in enumerate(chosen))
        expected = {key: [_AGGREGATIONS[text](group) for text in chosen] for key, group in groups.items()}
        pairs += [("group_by", f"{key_text} as k"), ("select", select), ("limit", "200")]

        def judge(body: Any) -> str:
            actual = {row["k"]: [row[f"a{n}"] for n in range(len(chosen))] for row in body["results"]}
            return _same(expected, actual) or _same(len(expected), body["total_count"])

        return Asked(_target(f"{BASE}/records", pairs), judge)

    def question(self) -> Asked:
        """Any of them."""
        return self.pick([self.page, self.page, self.page, self.export, self.facet, self.group])()


def _values(value: Any) -> list[Any]:
    return [] if value is None else sorted(set(value)) if isinstance(value, list) else [value]


def _numbers(rows: Iterable[Row], name: str) -> list[float]:
    return [row[name] for row in rows if row[name] is not None]


def _or_none(function: Callable[[list[float]], float], name: str) -> Callable[[list[Row]], Any]:
    return lambda rows: function(numbers) if (numbers := _numbers(rows, name)) else None


_KEYS: list[tuple[str, Callable[[Row], list[Any]]]] = [
    ("nom", lambda row: [row["nom"]]),
    ("rang", lambda row: [row["rang"]]),
    ("ouvert", lambda row: [row["ouvert"]]),
    ("themes", lambda row: _values(row["themes"]) or [None]),
    ("year(jour)", lambda row: [int(row["jour"][:4]) if row["jour"] else None]),
    ("month(jour)", lambda row: [int(row["jour"][5:7]) if row["jour"] else None]),
]
_AGGREGATIONS: dict[str, Callable[[list[Row]], Any]] = {
    "count(*)": len,
    "count(rang)": lambda rows: len(_numbers(rows, "rang")),
    "count(distinct nom)": lambda rows: len({row["nom"] for row in rows} - {None}),
    "sum(rang)": _or_none(sum, "rang"),
    "sum(montant)": _or_none(sum, "montant"),
    "avg(montant)": _or_none(statistics.fmean, "montant"),
    "min(rang)": _or_none(min, "rang"),
    "max(montant)": _or_none(max, "montant"),
    "median(rang)": _or_none(statistics.median, "rang"),
}


def _everywhere(row: Row) -> set[str]:
    return {word for text in (row["ref"], row["nom"], *(row["themes"] or [])) for word in words(text)}


def _key(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


def _target(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}"


def _same(expected: Any, actual: Any) -> str:
    """An empty text when both are equal, numbers to a billionth; else what differs."""
    return "" if _equal(expected, actual) else f"wanted {str(expected)[:900]}, found {str(actual)[:900]}"


def _equal(expected: Any, actual: Any) -> bool:
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(_equal(expected[key], actual[key]) for key in expected)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(_equal, expected, actual))
    if isinstance(expected, bool) or isinstance(actual, bool) or not isinstance(expected, int | float):
        return type(expected) is type(actual) and expected == actual
    return isinstance(actual, int | float) and math.isclose(expected, actual, rel_tol=1e-9, abs_tol=1e-9)
