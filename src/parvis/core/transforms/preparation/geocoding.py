"""Geocoding against the addresses that the instance has loaded: where an address is, how sure that is, and to what level.

An address is looked for in the communes that its code, its postcode or its name allow; its street there by its words, exact or
alike; its number on that street. Scores: six tenths for the street, two for the number, two for the commune.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.connections import path_literal
from parvis.core.staging import ROWS
from parvis.core.transforms.model import SideTable
from parvis.core.transforms.preparation.addresses import Address, parse_address
from parvis.core.transforms.preparation.model import ADDRESSES, NATIONAL, Choice, Group, Kind, Parameter, Preparation
from parvis.core.transforms.preparation.national import (
    MOST_ASKED,
    NO_ANSWER,
    NOT_ASKED,
    PARTIAL,
    AddressesToAsk,
    Parts,
    address_key,
    answers_of,
    write_addresses,
)
from parvis.core.transforms.preparation.work import NUMBERED, Cell, Failure, Result, Work
from parvis.core.translation import Sentence, gettext_noop

ATTRIBUTES = ("latitude", "longitude", "score", "level", "label", "postcode", "city", "city_code")
"""What may be taken of an address that was found."""
LEVELS = ("housenumber", "street", "municipality")
_NUMERIC = frozenset({"latitude", "longitude", "score"})
_LEAST_ALIKE = 72.0
_MOST_CITIES = 60
NATIONAL_SERVICE = "national"
MOST_ADDRESSES = 2_000_000
"""Different addresses of one table."""


@dataclass(frozen=True, slots=True)
class Found:
    """An address that was found."""

    longitude: float
    latitude: float
    score: float
    level: str
    label: str
    postcode: str
    city: str
    city_code: str

    def row(self) -> dict[str, str]:
        """Its attributes as texts."""
        return {
            "latitude": f"{self.latitude:.6f}", "longitude": f"{self.longitude:.6f}", "score": f"{self.score:.2f}", "level": self.level,
            "label": self.label, "postcode": self.postcode, "city": self.city, "city_code": self.city_code,
        }  # fmt: skip


@dataclass(slots=True)
class AddressBook:
    """The addresses of the instance, read commune by commune as they are asked for."""

    connection: Any
    table: SideTable
    cities: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_postcode: dict[str, list[str]] = field(default_factory=dict)
    by_name: dict[str, list[str]] = field(default_factory=dict)
    streets: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    numbers: dict[tuple[str, str], dict[tuple[str, str], tuple[float, float, str]]] = field(default_factory=dict)

    def open(self) -> None:
        """Read the communes, which are few."""
        for row in self._rows(2, "true", []):
            self.cities[row["city_code"]] = row
            self.by_name.setdefault(row["city_key"], []).append(row["city_code"])
            for postcode in row["postcodes"] or ():
                self.by_postcode.setdefault(postcode, []).append(row["city_code"])

    def _rows(self, rank: int, where: str, parameters: Sequence[object]) -> list[dict[str, Any]]:
        sql = f"SELECT * FROM read_parquet({path_literal(self.table.files[rank])}) WHERE {where}"
        rows: list[dict[str, Any]] = self.connection.execute(sql, list(parameters)).to_arrow_table().to_pylist()
        return rows

    def streets_of(self, city: str) -> dict[str, dict[str, Any]]:
        """The streets of a commune by their words."""
        if city not in self.streets:
            self.streets[city] = {row["street_key"]: row for row in self._rows(1, "city_code = ?", [city])}
        return self.streets[city]

    def numbers_of(self, city: str, street: str) -> dict[tuple[str, str], tuple[float, float, str]]:
        """The numbers of a street: where each is, and its postcode."""
        if (city, street) not in self.numbers:
            rows = self._rows(0, "city_code = ? AND street_key = ?", [city, street])
            self.numbers[city, street] = {(r["number"], r["repeat"]): (r["lon"], r["lat"], r["postcode"]) for r in rows}
        return self.numbers[city, street]

    def cities_of(self, address: Address, code: str) -> list[tuple[str, float]]:
        """The communes in which to look, each with how well it agrees with what is said of it."""
        if code in self.cities:
            return [(code, 1.0)]
        by_name = self.by_name.get(address.city, [])
        by_post = self.by_postcode.get(address.postcode, [])
        both = [city for city in by_post if city in by_name]
        if both:
            return [(city, 1.0) for city in both]
        alike = self._alike(address.city, by_post) if address.city else []
        if alike:
            return alike
        if by_name:  # a postcode of a company, or a wrong one
            return [(city, 0.9 if not address.postcode else 0.6) for city in by_name[:_MOST_CITIES]]
        return [(city, 0.5 if address.city else 0.9) for city in by_post[:_MOST_CITIES]]

    def _alike(self, name: str, cities: Sequence[str]) -> list[tuple[str, float]]:
        from rapidfuzz import fuzz  # noqa: PLC0415 most imports geocode nothing

        scores = [(city, fuzz.token_set_ratio(name, self.cities[city]["city_key"]) / 100) for city in cities]
        return [(city, score) for city, score in scores if score >= 0.8]

    def look_up(self, address: Address, code: str = "") -> Found | None:
        """The best place of an address; None when not even its commune is known."""
        cities = self.cities_of(address, code)
        candidates = [place for city, agreement in cities for place in self._in_city(address, city, agreement)]
        return max(candidates, key=lambda place: place.score, default=None)

    def _in_city(self, address: Address, city: str, agreement: float) -> Iterable[Found]:
        streets = self.streets_of(city)
        likeness, street = self._street(address.street, streets) if address.street else (0.0, None)
        if street is None:
            row = self.cities[city]
            score = 0.2 + 0.2 * agreement if not address.street else 0.1 + 0.2 * agreement
            postcode = (
                address.postcode
                if address.postcode in (row["postcodes"] or ())
                else next(iter(row["postcodes"] or ()), "")
            )
            yield Found(row["lon"], row["lat"], score, "municipality", row["city"], postcode, row["city"], city)
            return
        base = 0.6 * likeness + 0.2 * agreement
        if not address.number:
            yield self._on_street(street, base + 0.2, city)
            return
        numbers = self.numbers_of(city, street["street_key"])
        exact = numbers.get((address.number, address.repeat))
        near = exact or numbers.get((address.number, ""))
        if near is None:
            yield self._on_street(street, base, city)
            return
        label = f"{address.number} {address.repeat if exact else ''}".strip()
        score = base + (0.2 if exact else 0.15)
        yield Found(
            near[0],
            near[1],
            score,
            "housenumber",
            f"{label} {street['street']} {near[2]} {street['city']}",
            near[2],
            street["city"],
            city,
        )

    def _on_street(self, street: Mapping[str, Any], score: float, city: str) -> Found:
        label = f"{street['street']} {street['postcode']} {street['city']}"
        return Found(street["lon"], street["lat"], score, "street", label, street["postcode"], street["city"], city)

    def _street(self, key: str, streets: Mapping[str, Mapping[str, Any]]) -> tuple[float, Mapping[str, Any] | None]:
        from rapidfuzz import fuzz, process  # noqa: PLC0415 most imports geocode nothing

        if key in streets:
            return 1.0, streets[key]
        best = process.extractOne(key, list(streets), scorer=fuzz.token_sort_ratio, score_cutoff=_LEAST_ALIKE)
        if best is None:  # « rue des écoles, bâtiment B » holds the street, and more
            best = process.extractOne(key, list(streets), scorer=fuzz.token_set_ratio, score_cutoff=95)
            return (0.0, None) if best is None else (0.8, streets[best[0]])
        return best[1] / 100, streets[best[0]]


def _geocode(work: Work, values: Mapping[str, Any]) -> Result:
    take = {}
    for new, attribute in values["take"].items():
        if attribute not in ATTRIBUTES:
            raise work.refuse(
                Sentence(
                    "« {name} » n’est pas une de ces valeurs : {values}",
                    {"name": attribute[:40], "values": ", ".join(ATTRIBUTES)},
                )
            )
        take[work.free(new)] = attribute
    text = f"coalesce(concat_ws(' ', {', '.join(work.text(header) for header in values['columns'])}), '')"
    parts = [
        f"coalesce({work.text(values[name])}, '')" if values[name] else "''"
        for name in ("postcode", "city", "city_code")
    ]
    keys = ", ".join(f"{sql} AS k_{rank}" for rank, sql in enumerate([text, *parts]))
    most = MOST_ASKED if values["service"] == NATIONAL_SERVICE else MOST_ADDRESSES
    rows = work.execute(f"SELECT DISTINCT {keys} FROM {ROWS} LIMIT {most + 1}").fetchall()
    if len(rows) > most:
        raise work.refuse(Sentence("il y a plus de {limit} adresses différentes", {"limit": most}))
    look_up = _national(work, rows) if values["service"] == NATIONAL_SERVICE else _local(work)
    least = float(values["least"])
    columns: dict[str, list[str | None]] = {
        name: [] for name in ("k_0", "k_1", "k_2", "k_3", "reason", *(f"a_{a}" for a in ATTRIBUTES))
    }
    for row in rows:
        attributes, reason = _placed(look_up, [str(part) for part in row], least)
        for name, value in zip(columns, [*row, reason, *(attributes.get(a) for a in ATTRIBUTES)], strict=True):
            columns[name].append(value)
    work.register("geocoded", {name: _texts(column) for name, column in columns.items()})
    on = " AND ".join(f"g.k_{rank} = {sql}" for rank, sql in enumerate([text, *parts]))
    failures = tuple(
        Failure(f"reason = '{reason}'", f"concat_ws(' ', {text}, {', '.join(parts)})", reason)
        for reason in ("address-unknown", "address-unsure", NO_ANSWER, NOT_ASKED)
    )
    cells = {
        new: Cell(
            f"a_{attribute}", ColumnType.DOUBLE if attribute in _NUMERIC else ColumnType.TEXT, () if rank else failures
        )
        for rank, (new, attribute) in enumerate(take.items())
    }
    return work.put(cells, source=f"{NUMBERED} LEFT JOIN geocoded g ON {on}", order="place")


def _texts(column: Sequence[str | None]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 of the step alone

    return pa.array(column, pa.string())


type LookUp = Callable[[Sequence[str]], tuple[dict[str, str], str | None]]
"""From the parts of an address to its attributes, or to why it has none."""


def _placed(look_up: LookUp, parts: Sequence[str], least: float) -> tuple[dict[str, str], str | None]:
    text, _postcode, city, code = parts
    if not text.strip() and not city.strip() and not code.strip():
        return {}, None
    place, reason = look_up(parts)
    if reason is None and float(place["score"]) < least:
        return {}, "address-unsure"
    return place, reason


def _local(work: Work) -> LookUp:
    """Among the addresses that the instance has loaded."""
    book = AddressBook(work.connection.cursor(), work.table(ADDRESSES))
    book.open()

    def look_up(parts: Sequence[str]) -> tuple[dict[str, str], str | None]:
        text, postcode, city, code = parts
        place = book.look_up(parse_address(text, postcode, city), code.strip().upper())
        return (place.row(), None) if place else ({}, "address-unknown")

    return look_up


def _national(work: Work, rows: Sequence[Sequence[object]]) -> LookUp:
    """Among the answers of the national service; AddressesToAsk while some are missing."""
    table = work.table(NATIONAL)
    answers = answers_of(work.connection.cursor(), table)
    filled_rows = [parts_of(row) for row in rows if any(str(part).strip() for part in row)]
    missing = [parts for parts in filled_rows if address_key(parts) not in answers]
    if missing and table.version != PARTIAL:
        write_addresses(work.material.workspace.folder.parent, filled_rows)
        raise AddressesToAsk(count=len(missing))

    def look_up(parts: Sequence[str]) -> tuple[dict[str, str], str | None]:
        key = address_key(parts_of(parts))
        if key not in answers:
            return {}, NOT_ASKED
        answer = answers[key]
        if answer is None:
            return {}, "address-unknown"
        return (answer, None) if answer else ({}, NO_ANSWER)

    return look_up


def parts_of(row: Sequence[object]) -> Parts:
    """The parts of an address, as they are remembered."""
    text, postcode, city, code = (" ".join(str(part).split()) for part in row)
    return text, postcode, city, code.upper()


def _addresses(values: Mapping[str, Any]) -> Iterable[str]:
    return (NATIONAL,) if values.get("service") == NATIONAL_SERVICE else (ADDRESSES,)


GEOCODING: tuple[Preparation, ...] = (
    Preparation(
        "geocode", Group.PLACES, gettext_noop("Géocoder des adresses"),
        gettext_noop("Trouve les coordonnées d’une adresse, dans celles chargées sur ce portail ou par le service national, avec un score (1 : sûr) et un niveau (numéro, voie ou commune)."),
        gettext_noop("Adresses de {columns} géocodées : {take}"),
        (
            Parameter("columns", Kind.COLUMNS, gettext_noop("Colonnes de l’adresse")),
            Parameter("take", Kind.VALUES, gettext_noop("Nouvelle colonne, puis ce qu’elle prend (latitude, longitude, score, level, label, postcode, city, city_code)")),
            Parameter("postcode", Kind.COLUMN, gettext_noop("Colonne du code postal"), required=False),
            Parameter("city", Kind.COLUMN, gettext_noop("Colonne de la commune"), required=False),
            Parameter("city_code", Kind.COLUMN, gettext_noop("Colonne du code INSEE"), required=False),
            Parameter("least", Kind.NUMBER, gettext_noop("Score le plus faible admis"), required=False, default=0.6, low=0, high=1),
            Parameter(
                "service", Kind.CHOICE, gettext_noop("Où chercher"), required=False, default="portal",
                choices=(
                    Choice("portal", gettext_noop("les adresses chargées sur ce portail (rien n’en sort)")),
                    Choice(NATIONAL_SERVICE, gettext_noop("le service national de géocodage (les adresses y sont envoyées)")),
                ),
            ),
        ), _geocode, fails=True, needs=_addresses,
    ),
)  # fmt: skip
"""One row a step."""
