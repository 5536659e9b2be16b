"""Bringing the territories to a newer file: all of it or nothing, merged communes followed, once however often it is given."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import shapely
from django.db import transaction
from django.utils import timezone
from shapely.geometry import mapping, shape

from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.territories.models import Contour, Reference, Territory
from parvis.hub.territories.selectors import present_codes
from parvis.hub.territories.signals import territories_loaded

Kind = Territory.Kind
type Row = Mapping[str, Any]

_FIELDS = ("name", "population", "department", "region", "epci", "postcodes")
_PARENTS = {Kind.EPCI: "epci", Kind.EPT: "ept", Kind.DEPARTMENT: "department", Kind.REGION: "region"}


YEARS_BEFORE_POPULATIONS = 3
"""The populations in force on the first of January are those of three years before (Insee, « populations de référence »)."""
_COVERED = 0.9
"""Share of a commune that another one covers when it took it over: contours of two years never are the same."""
_DISTRICTS = {"751": "75056", "6938": "69123", "132": "13055"}
"""How the codes of the districts of Paris, Lyon and Marseille begin, and the commune that they are parts of."""


@dataclass(slots=True)
class Changes:
    """What a file changes: territories by kind and code, merged communes with the one that took them over."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    merged: list[tuple[str, str]] = field(default_factory=list)
    still_named: list[str] = field(default_factory=list)
    """Territories that are no more and keep their row: a site or an organisation is of them."""
    contours: list[str] = field(default_factory=list)
    population_year: int | None = None
    """Year of the populations that the file brings; none when it brings none."""

    @property
    def total(self) -> int:
        """How many changes in all."""
        return len(self.created) + len(self.changed) + len(self.merged) + len(self.contours)


def update_territories(
    actor: Actor,
    kind: str,
    rows: Iterable[Row],
    *,
    source: str,
    revision: str,
    population_year: int | None = None,
    dry_run: bool = False,
) -> Changes:
    """Apply what ``core.geo.territory_files`` read (``communes``, ``contours``, ``epci``, ``ept``); with ``dry_run``, only tell it.

    New populations are those of ``population_year``; when it is not given, those in force on the first of January.
    """
    require(actor, "administer", None, "mettre à jour le référentiel des territoires")
    with transaction.atomic():
        update = _Update()
        apply = {
            "communes": update.communes,
            "contours": update.shapes,
            "epci": partial(update.groups, Kind.EPCI),
            "ept": partial(update.groups, Kind.EPT),
        }
        apply[kind](list(rows))
        update.wholes()
        changes = update.changes
        if update.has_new_populations:
            changes.population_year = population_year or timezone.localdate().year - YEARS_BEFORE_POPULATIONS
        if dry_run:
            transaction.set_rollback(True)
        elif changes.total:
            facts = {"shipped": False, "revision": revision, "source": source[:200]}
            if changes.population_year:
                facts["population_year"] = changes.population_year
            Reference.objects.update_or_create(pk=1, defaults=facts)
            record(
                actor.name, actor.person_id, "territories.update", "territories", "reference",
                source=source, created=len(changes.created), merged=len(changes.merged), written=changes.total,
            )  # fmt: skip
            territories_loaded.send(Territory)
    return changes


class _Update:
    """One update: the communes as they are in memory, and what of the rest they drag along."""

    def __init__(self) -> None:
        self.changes = Changes()
        self._rows = {one.code: one for one in Territory.objects.filter(kind=Kind.COMMUNE)}
        self._moved: dict[str, set[str]] = defaultdict(set)
        """By kind of territory, the codes of those whose communes changed."""
        self._counted_anew = self._counted = 0

    @property
    def has_new_populations(self) -> bool:
        """Whether most of the communes told have another population: a single one that differs is a correction."""
        return self._counted_anew > self._counted / 2

    def communes(self, rows: Sequence[Row]) -> None:
        """A new list of communes, with the codes of those that joined them."""
        for row in rows:
            own = self._write(row)
            former = list(row["former_codes"])
            if own.former_codes != former:
                own.former_codes = former
                own.save(update_fields=["former_codes"])
                self._changed(own)
        present = {row["code"] for row in rows}
        heirs = {former: row["code"] for row in rows for former in row["former_codes"] if former not in present}
        for code in sorted(heirs.keys() & self._rows.keys()):
            self._merge(self._rows[code], self._rows[heirs[code]])

    def shapes(self, rows: Sequence[Row]) -> None:
        """New contours, and communes that were not known; those of communes that are part of another one now are joined to it.

        Nothing else of a commune is taken: names and figures of a list of communes are fresher.
        """
        heirs = {code: heir for code, heir in present_codes(Kind.COMMUNE).items() if code not in self._rows}
        pieces: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            code = heirs.get(row["code"]) or _whole_of(row["code"])
            if code not in self._rows:
                self._write(row)
            pieces[code].append(shape(row["geometry"]))
        self._take_over(pieces)
        for code, parts in pieces.items():
            self._draw(self._rows[code], parts)

    def groups(self, kind: Kind, rows: Sequence[Row]) -> None:
        """New intercommunal bodies and their members; those that are left without any go."""
        column = _PARENTS[kind]
        for row in rows:
            group, is_new = Territory.objects.get_or_create(
                kind=kind, code=row["code"], defaults={"name": row["name"], "folded": fold(row["name"])}
            )
            if is_new:
                self.changes.created.append(f"{kind}:{group.code}")
            elif group.name != row["name"]:
                group.name, group.folded = row["name"], fold(row["name"])
                group.save(update_fields=["name", "folded"])
                self._changed(group)
            members = set(row["members"])
            for code in members & self._rows.keys():
                self._join(self._rows[code], column, group.code)
            former = [
                one for one in self._rows.values() if getattr(one, column) == group.code and one.code not in members
            ]
            for own in former:
                self._join(own, column, "")
        listed, alive = {row["code"] for row in rows}, {getattr(one, column) for one in self._rows.values()}
        for group in Territory.objects.filter(kind=kind).exclude(code__in=listed | alive):
            self._remove(group)

    def wholes(self) -> None:
        """What is made of the communes that changed: sums and contours."""
        for kind, codes in self._moved.items():
            for whole in Territory.objects.filter(kind=kind, code__in=codes - {""}):
                members = [one for one in self._rows.values() if getattr(one, _PARENTS[Kind(kind)]) == whole.code]
                if members:
                    self._sum(whole, members)
                    stored = Contour.objects.filter(territory__in=[one.pk for one in members])
                    self._draw(whole, [shape(contour.geometry) for contour in stored])

    def _write(self, row: Row) -> Territory:
        own = self._rows.get(row["code"])
        if own is None:
            own = Territory(kind=Kind.COMMUNE, code=row["code"], name=row["name"], folded=fold(row["name"]))
            own.department, own.region = self._place_of(row)
            self._rows[own.code] = own
            self.changes.created.append(f"{Kind.COMMUNE}:{own.code}")
        before = {name: getattr(own, name) for name in _FIELDS}
        after = {name: row[name] for name in _FIELDS if row.get(name) not in (None, "", [])}
        self._counted += "population" in after and own.pk is not None
        self._counted_anew += own.pk is not None and after.get("population") not in (None, before["population"])
        if before != before | after or own.pk is None:
            self._drag(own)
            for name, value in after.items():
                setattr(own, name, value)
            own.folded = fold(own.name)
            is_new = own.pk is None
            own.save()
            self._drag(own)
            if not is_new:
                self._changed(own)
        return own

    def _place_of(self, row: Row) -> tuple[str, str]:
        """The department and region of a new commune: what the file says, else those of its code."""
        department = row.get("department") or row["code"][: 3 if row["code"].startswith(("97", "98")) else 2]
        regions = (one.region for one in self._rows.values() if one.department == department)
        return department, row.get("region") or next(regions, "")

    def _join(self, own: Territory, column: str, group: str) -> None:
        if getattr(own, column) != group:
            self._drag(own)
            setattr(own, column, group)
            own.save(update_fields=[column])
            self._drag(own)
            self._changed(own)

    def _take_over(self, pieces: Mapping[str, Sequence[Any]]) -> None:
        """Communes of ours that are not in the file while one of the file covers them: it took them over."""
        codes = list(pieces)
        wholes = [shapely.union_all(pieces[code]) for code in codes]
        tree = shapely.STRtree(wholes)
        near = {self._rows[code].department for code in codes}
        missing = [one.pk for one in self._rows.values() if one.code not in pieces and one.department in near]
        for contour in Contour.objects.filter(territory__in=missing).select_related("territory"):
            own = shape(contour.geometry)
            for number in tree.query(own, predicate="intersects"):
                if own.intersection(wholes[number]).area > _COVERED * own.area:
                    self._merge(contour.territory, self._rows[codes[number]])
                    break

    def _merge(self, gone: Territory, heir: Territory) -> None:
        """Follow a commune into the one that took it over: its code, its contour, the datasets about it."""
        self._drag(gone)
        former = sorted({*heir.former_codes, gone.code, *gone.former_codes})
        if former != heir.former_codes:
            heir.former_codes = former
            heir.save(update_fields=["former_codes"])
        both = Contour.objects.filter(territory__in=[gone.pk, heir.pk])
        self._draw(heir, [shape(contour.geometry) for contour in both])
        self.changes.merged.append((gone.code, heir.code))
        self._rows.pop(gone.code, None)
        self._remove(gone, heir)

    def _remove(self, gone: Territory, heir: Territory | None = None) -> None:
        """Delete a territory that is no more; what a site or an organisation is of keeps its row, apart from the others."""
        for relation in Territory._meta.related_objects:
            rows = relation.related_model._default_manager.filter(**{relation.field.name: gone.pk})
            if relation.many_to_many and heir is not None:
                for other in rows:
                    getattr(other, relation.field.name).add(heir)
                    getattr(other, relation.field.name).remove(gone)
        named = any(
            relation.related_model._default_manager.filter(**{relation.field.name: gone.pk}).exists()
            for relation in Territory._meta.related_objects
            if relation.related_model is not Contour
        )
        if not named:
            gone.delete()
            return
        self.changes.still_named.append(f"{gone.kind}:{gone.code}")
        Territory.objects.filter(pk=gone.pk).update(epci="", ept="", department="", region="")

    def _draw(self, own: Territory, parts: Sequence[Any]) -> None:
        if not parts:
            return
        geometry = mapping(shapely.orient_polygons(parts[0] if len(parts) == 1 else shapely.union_all(parts)))
        contour = Contour.of(geometry)
        if not Contour.objects.filter(territory=own.pk, geojson=contour.geojson).exists():
            contour.territory = own
            contour.save()
            self.changes.contours.append(f"{own.kind}:{own.code}")
            if own.kind == Kind.COMMUNE:
                self._drag(own)

    def _sum(self, whole: Territory, members: Collection[Territory]) -> None:
        facts: dict[str, Any] = {"population": sum(one.population or 0 for one in members) or None}
        if whole.kind in (Kind.EPCI, Kind.EPT):
            people: Counter[tuple[str, str]] = Counter()
            for commune in members:
                people[commune.department, commune.region] += commune.population or 0
            facts["department"], facts["region"] = people.most_common(1)[0][0]
        if any(getattr(whole, name) != value for name, value in facts.items()):
            Territory.objects.filter(pk=whole.pk).update(**facts)
            self._changed(whole)

    def _drag(self, own: Territory) -> None:
        for kind, column in _PARENTS.items():
            self._moved[kind].add(getattr(own, column))

    def _changed(self, own: Territory) -> None:
        name = f"{own.kind}:{own.code}"
        if name not in self.changes.changed and name not in self.changes.created:
            self.changes.changed.append(name)


def _whole_of(code: str) -> str:
    """The commune of a municipal district; the code itself for a commune."""
    return next((whole for start, whole in _DISTRICTS.items() if code.startswith(start)), code)
