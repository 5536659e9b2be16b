"""Finding territories."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import batched
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Min, Q, QuerySet, Sum, Value, When

from parvis.core.errors import NotFound
from parvis.core.geo.svg import Box
from parvis.core.text import fold
from parvis.hub.territories.models import Contour, Reference, Territory

Kind = Territory.Kind

BATCH = 500

CHILDREN = {
    Kind.EPCI: (Kind.COMMUNE, "epci"),
    Kind.EPT: (Kind.COMMUNE, "ept"),
    Kind.DEPARTMENT: (Kind.COMMUNE, "department"),
    Kind.REGION: (Kind.DEPARTMENT, "region"),
}
"""For each kind, the kind of what it is made of, and the column by which those name it."""

SHIPPED_POPULATION_YEAR = 2023
"""Year of the municipal populations that come with Parvis (``packs/territories/SOURCE.md``)."""


def territories(kind: str = "") -> QuerySet[Territory]:
    """Those of a kind, or all of them, by name."""
    return Territory.objects.filter(kind=kind) if kind else Territory.objects.all()


def by_code(kind: str, code: str) -> Territory:
    """The territory of that kind and official code; NotFound when there is none."""
    territory = Territory.objects.filter(kind=kind, code=code).first()
    if territory is None:
        raise NotFound(name=f"{kind}:{code}")
    return territory


def referred_to(reference: str) -> Territory | None:
    """The territory of a ``kind:code``, as cards of datasets write it; None when there is none."""
    kind, _colon, code = reference.partition(":")
    return Territory.objects.filter(kind=kind, code=code).first()


def by_any_code(code: str) -> Territory:
    """The territory an officer means by a bare code: commune, EPCI, EPT, department, region, in that order; or NotFound.

    ``kind:code`` says which when a department and a region share their digits.
    """
    kind, colon, rest = code.partition(":")
    if colon:
        return by_code(kind, rest)
    territory_by_kind = {territory.kind: territory for territory in Territory.objects.filter(code=code)}
    for candidate in Kind.values:
        if candidate in territory_by_kind:
            return territory_by_kind[candidate]
    raise NotFound(name=code)


def children(territory: Territory) -> QuerySet[Territory]:
    """What the territory is made of: communes of an EPCI, EPT or department, departments of a region; none for a commune."""
    if territory.kind not in CHILDREN:
        return Territory.objects.none()
    kind, column = CHILDREN[Kind(territory.kind)]
    return Territory.objects.filter(kind=kind, **{column: territory.code})


def present_codes(kind: str) -> dict[str, str]:
    """The present code of territories of a kind by each code that they replaced.

    Communes that parted again have their former code: it stands for them.
    """
    rows = territories(kind).exclude(former_codes=[]).values_list("code", "former_codes")
    codes_by_former = {former: code for code, formers in rows for former in formers}
    again = set(territories(kind).filter(code__in=list(codes_by_former)).values_list("code", flat=True))
    return {former: code for former, code in codes_by_former.items() if former not in again}


def names_by_code(kind: str) -> dict[str, str]:
    """The name of each territory of a kind by its code; by a code that was replaced, the name of what it is part of and that code."""
    names = dict(territories(kind).values_list("code", "name"))
    former = {former: f"{names[code]} ({former})" for former, code in present_codes(kind).items()}
    return {**former, **names}


def search(text: str, limit: int = 10) -> QuerySet[Territory]:
    """The territories whose name has ``text`` (whatever accents and case), or whose code or postcode it is; best first.

    An exact name or code comes first, then a name that starts so, then the most populous.
    """
    folded = fold(text.strip())
    if not folded:
        return Territory.objects.none()
    exact = Q(folded=folded) | Q(code__iexact=folded)
    postcode = Q(kind=Kind.COMMUNE, postcodes__icontains=f'"{folded}"') if folded.isdigit() else Q(pk__in=[])
    rank = Case(
        When(exact, then=Value(0)),
        When(Q(folded__startswith=folded), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    matches = Territory.objects.filter(exact | Q(folded__contains=folded) | postcode)
    return matches.order_by(rank, "-population", "name")[:limit]


def communes_of(territory: Territory) -> QuerySet[Territory]:
    """The communes of any territory; itself for a commune."""
    columns = {Kind.EPCI: "epci", Kind.EPT: "ept", Kind.DEPARTMENT: "department", Kind.REGION: "region"}
    if territory.kind == Kind.COMMUNE:
        return Territory.objects.filter(pk=territory.pk)
    return Territory.objects.filter(kind=Kind.COMMUNE, **{columns[Kind(territory.kind)]: territory.code})


MOST_PARTS = 300
"""Territories of a drawing: beyond, it is made of larger ones."""


def parts_of(territory: Territory | None) -> QuerySet[Territory]:
    """What a drawing of the territory is made of: its communes, or larger parts where they are too many; regions for France."""
    if territory is None:
        return Territory.objects.filter(kind=Kind.REGION)
    communes = communes_of(territory)
    if communes.count() <= MOST_PARTS:
        return communes
    if territory.kind == Kind.REGION:
        return children(territory)
    # All that hold one of its communes: some go beyond its border.
    return Territory.objects.filter(kind=Kind.EPCI, code__in=communes.exclude(epci="").values("epci"))


def touching(kind: str, box: Box) -> QuerySet[Contour]:
    """The contours of a kind of territory whose box meets ``box`` (west, south, east, north), with their territory."""
    west, south, east, north = box
    boxes = Contour.objects.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
    return boxes.filter(territory__kind=kind).select_related("territory")


def contours_of(territories: QuerySet[Territory]) -> QuerySet[Contour]:
    """The contours of these territories that are known, with their territory, by name."""
    return Contour.objects.filter(territory__in=territories).select_related("territory").order_by("territory__folded")


def box_around(territories: QuerySet[Territory]) -> Box | None:
    """The box around the known contours of these territories; None where none is known."""
    sides = Contour.objects.filter(territory__in=territories).aggregate(
        Min("west"), Min("south"), Max("east"), Max("north")
    )
    box = sides["west__min"], sides["south__min"], sides["east__max"], sides["north__max"]
    return None if box[0] is None else box


def boxes_of(keys: Iterable[int]) -> dict[int, Box]:
    """The box around each of the territories of these keys; those without a contour are absent."""
    rows = Contour.objects.filter(territory__in=list(keys)).values_list("pk", "west", "south", "east", "north")
    return {key: (west, south, east, north) for key, west, south, east, north in rows}


def areas_of(kind: str, codes: Iterable[str]) -> dict[str, float]:
    """The area of each contour in square kilometres, by code; those without a contour are absent."""
    rows = Contour.objects.filter(territory__kind=kind)
    batches = (rows.filter(territory__code__in=batch) for batch in batched(codes, BATCH, strict=False))
    return {code: area for batch in batches for code, area in batch.values_list("territory__code", "area")}


def reference_revision() -> str:
    """Changes when the contours do; empty before any reference was loaded."""
    return Reference.objects.values_list("revision", flat=True).first() or ""


def reference_stamp() -> str:
    """Changes with the territories, their parents and their contours; what is made of them is good for one."""
    reference = Reference.objects.first()
    rows = Territory.objects.aggregate(count=Count("pk"), last=Max("pk"))
    loaded = f"{reference.revision[:12]}-{reference.loaded:%Y%m%d%H%M%S%f}" if reference else "none"
    return f"{loaded}-{rows['count']}-{rows['last'] or 0}"


FACTS = ("kind", "code", "name", "epci", "department", "region", "population", "postcodes", "former_codes")


def territory_facts() -> list[dict[str, Any]]:
    """Every territory as a row of ``FACTS``, for what is computed of all of them at once."""
    return list(Territory.objects.order_by("kind", "code").values(*FACTS))


def commune_contours(batch: int = BATCH) -> Iterator[tuple[str, str]]:
    """The code and the GeoJSON contour of each commune that has one, a few in memory at a time."""
    rows = Contour.objects.filter(territory__kind=Kind.COMMUNE).order_by("territory__code")
    return rows.values_list("territory__code", "geojson").iterator(chunk_size=batch)


def population_year() -> int:
    """Year of the municipal populations of the territories."""
    return Reference.objects.values_list("population_year", flat=True).first() or SHIPPED_POPULATION_YEAR


PREFIXES = {"departement-": Kind.DEPARTMENT, "region-": Kind.REGION}
"""How the addresses of departments and regions begin: their digits are not theirs alone."""


def at_address(address: str) -> Territory:
    """The territory whose public page ends in ``address`` (``91228``, ``departement-91``); NotFound when there is none."""
    for prefix, kind in PREFIXES.items():
        if address.startswith(prefix):
            return by_code(kind, address.removeprefix(prefix))
    territory = Territory.objects.filter(code=address, kind__in=[Kind.COMMUNE, Kind.EPCI, Kind.EPT]).first()
    if territory is None:
        raise NotFound(name=address)
    return territory


def former_commune(code: str) -> Territory | None:
    """The commune that took over this former commune's code."""
    likely = Territory.objects.filter(kind=Kind.COMMUNE, former_codes__icontains=f'"{code}"')
    return next((commune for commune in likely if code in commune.former_codes), None)


def parents_of(territory: Territory) -> list[Territory]:
    """What the territory belongs to, nearest first; an intercommunal body over several departments belongs to all of them.

    Those where most of its inhabitants live come first.
    """
    columns = {Kind.EPCI: "epci", Kind.EPT: "ept", Kind.DEPARTMENT: "department", Kind.REGION: "region"}
    named = [(kind, getattr(territory, column)) for kind, column in columns.items() if kind != territory.kind]
    condition = Q(pk__in=[])
    for kind, code in named:
        condition |= Q(kind=kind, code=code or None)
    people: dict[tuple[str, str], int] = {}
    if territory.kind in (Kind.EPCI, Kind.EPT):
        counted = communes_of(territory).order_by().values_list("department", "region").annotate(Sum("population"))
        for department, region, count in counted:
            for key in ((Kind.DEPARTMENT, department), (Kind.REGION, region)):
                people[key] = people.get(key, 0) + (count or 0)
        for kind, code in people:
            condition |= Q(kind=kind, code=code)
    order = list(columns)
    parents = Territory.objects.filter(condition)
    return sorted(
        parents, key=lambda one: (order.index(Kind(one.kind)), -people.get((one.kind, one.code), 0), one.code)
    )


def neighbours(communes: Collection[Territory]) -> dict[str, list[str]]:
    """By code of commune, the names of those whose contour touches its own, by name; none where contours are not known."""
    return {commune.code: _neighbours(commune) for commune in communes}


def _neighbours(commune: Territory) -> list[str]:
    own = Contour.objects.filter(territory=commune.pk).first()
    if own is None:
        return []
    points = _points(own.geometry)
    near = touching(Kind.COMMUNE, (own.west, own.south, own.east, own.north)).exclude(territory=commune.pk)
    rows = near.order_by("territory__name")
    return [other.territory.name for other in rows if len(points & _points(other.geometry)) > 1]


def _points(contour: dict[str, Any]) -> frozenset[tuple[float, ...]]:
    """Every corner of a contour: neighbours are simplified together, so that they share those of their common border."""
    polygons = contour["coordinates"] if contour["type"] == "MultiPolygon" else [contour["coordinates"]]
    return frozenset(tuple(point[:2]) for polygon in polygons for ring in polygon for point in ring)


def is_reference_shipped() -> bool:
    """Whether the territories are those that ship, which is so until an operator gives others."""
    return not Reference.objects.filter(shipped=False).exists()
