"""Questions made to hold the engine: each must be answered or refused before its deadline, whatever it costs to read."""

from __future__ import annotations

import random
from collections.abc import Callable
from urllib.parse import urlencode

from fuzzing.oracle import BASE
from fuzzing.rows import ASKED

_TEXTS, _NUMBERS, _OTHERS = (
    ("nom", "ref", "themes"),
    ("rang", "montant"),
    ("jour", "instant", "ouvert", "lieu", "contour"),
)
_CONTROLS = "\x00\x01\x08\x0b\x1b\x7f\u2028\u202e\ufeff\ud800\udfff"


class Hostile:
    """Writes targets whose conditions are long, deep or wide."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.pick = chance.choice

    def written(self) -> str:
        """A hostile question, at one of the addresses that take conditions."""
        where = self._condition()
        pairs = [("where", where), ("limit", self.pick(["1", "10", "100", "-1"]))]
        path, parameters = self.pick(
            [
                (f"{BASE}/records", pairs),
                (f"{BASE}/records", [("select", self._select()), ("limit", "3")]),
                (f"{BASE}/records", [("group_by", self._groups()), ("where", where)]),
                (f"{BASE}/records", [("order_by", self._orders()), ("where", where)]),
                (f"{BASE}/facets", [("facet", self.pick(_TEXTS)), ("where", where)]),
                (f"{BASE}/records", [("refine", f"nom:{self._giant()}"), ("exclude", f"themes:{self._giant()}")]),
                (f"{BASE}/exports/{self.pick(['csv', 'json', 'geojson', 'parquet'])}", pairs),
                ("/api/explore/v2.1/catalog/datasets", pairs),
                ("/api/records/1.0/search/", [("dataset", ASKED), ("q", self._words())]),
                (f"/ogc/collections/{ASKED}/items", [("f", "json"), ("where", where), ("limit", "3")]),
                (f"/tiles/{ASKED}/9/259/175.mvt", [("where", where)]),
                ("/explore/", [("q", self._words())]),
            ]
        )
        return f"{path}?{urlencode([(name, value.encode(errors='surrogatepass')) for name, value in parameters])}"

    def _condition(self) -> str:
        makers: list[Callable[[], str]] = [
            self._wildcards,
            self._search,
            self._nested,
            self._list,
            self._many,
            self._arithmetic,
            self._calls,
            self._geometry,
            self._literal,
            self._controls,
        ]
        made = self.pick(makers)()
        return f"{made} {self.pick(['and', 'or'])} {self.pick(makers)()}" if self.chance.random() < 0.2 else made

    def _size(self, most: int) -> int:
        """Small ones often, the largest now and then."""
        return max(1, int(most * self.chance.random() ** self.chance.choice([1, 3, 6])))

    def _letters(self, most: int) -> str:
        return self.pick(["a", "ab", "é", "aaaab", "%", "_", "*", "œ"]) * self._size(most)

    def _words(self) -> str:
        word = self._letters(self.pick([3, 20, 300]))
        return " ".join(f"{word}{n}" if n % 3 else word for n in range(self._size(600)))

    def _wildcards(self) -> str:
        piece = self.pick(["%a", "a%", "%", "%%", "_%", "*a*", "%é", "[a-z]*"])
        return f'{self.pick(_TEXTS)} like "{piece * self._size(3_000)}{self._letters(40)}"'

    def _search(self) -> str:
        name = self.pick(["search", "suggest", "startswith"])
        fields = self.pick(["", "*, ", "nom, ", "nom, ref, themes, "])
        return f'{name}({fields}"{self._words()}")'

    def _nested(self) -> str:
        depth = self._size(3_000)
        start, end = self.pick([("(", ")"), ("not (", ")"), ("not ", ""), ("lower(", ")"), ("-", ""), ("((", "))")])
        return start * depth + self.pick(["rang > 3", "nom", "ouvert", 'nom = "a"']) + end * depth

    def _list(self) -> str:
        field = self.pick(_TEXTS + _NUMBERS)
        form = self.pick(["{}", '"{}"', "'{}'", "{}.5", "-{}"])
        return f"{field} in ({', '.join(form.format(n) for n in range(self._size(9_000)))})"

    def _many(self) -> str:
        part = self.pick(["rang = {}", 'nom = "{}"', 'lower(nom) like "%{}%"', '"{}"', 'search(nom, "mot{}")'])
        joint = self.pick([" or ", " and ", " or not "])
        return joint.join(part.format(n) for n in range(self._size(2_500)))

    def _arithmetic(self) -> str:
        sign = self.pick([" + ", " * ", " - ", " / "])
        return sign.join([self.pick(_NUMBERS)] * self._size(800)) + " > 3"

    def _calls(self) -> str:
        part = self.pick(['ifnull(lower(nom), "{0}") = "{0}"', "length(upper(nom)) > {0}", "year(jour) = {0}"])
        return self.pick([" or ", " and "]).join(part.format(n) for n in range(self._size(400)))

    def _geometry(self) -> str:
        corners = [
            f"{self.chance.uniform(1, 4):.4f} {self.chance.uniform(47, 50):.4f}" for _ in range(self._size(3_000))
        ]
        ring = ", ".join([*corners, corners[0]])
        name = self.pick(["intersects", "within", "disjoint", "distance"])
        shape = self.pick([f"POLYGON(({ring}))", f"LINESTRING({ring})", f"MULTIPOINT({ring})"])
        more = ", 10km" if name == "distance" else ""
        return f"{name}({self.pick(['lieu', 'contour'])}, geom'{shape}'{more})"

    def _giant(self) -> str:
        return self.pick(
            [self._letters(60_000), "9" * self._size(60_000), "\\" * self._size(30_000), '"' * self._size(500)]
        )

    def _literal(self) -> str:
        field = self.pick(_TEXTS + _NUMBERS + _OTHERS)
        return (
            f"{field} {self.pick(['=', '<', '!='])} {self.pick(['{}', chr(34) + '{}' + chr(34)]).format(self._giant())}"
        )

    def _controls(self) -> str:
        text = "".join(self.pick(_CONTROLS) for _ in range(self._size(300)))
        return self.pick(['nom = "{}"', 'nom like "{}%"', 'search("{}")', "nom{}= 3", "`{}` = 3"]).format(text)

    def _select(self) -> str:
        items = self.pick(["lower(nom) as a{}", "rang * {} as b{}", "date_format(jour, 'yyyy') as c{}", '"{}" as d{}'])
        return ", ".join(items.replace("{}", str(n)) for n in range(self._size(400)))

    def _groups(self) -> str:
        items = ["nom", "themes", "lower(ref) as k{}", "range(rang, {}) as k{}", "year(jour) as k{}", "jour", "ref"]
        return ", ".join(self.pick(items).replace("{}", str(n + 1)) for n in range(self._size(60)))

    def _orders(self) -> str:
        items = ["nom", "-rang", "lower(ref)", "length(nom) desc", "montant / rang", "random({})"]
        return ", ".join(self.pick(items).replace("{}", str(n)) for n in range(self._size(200)))
