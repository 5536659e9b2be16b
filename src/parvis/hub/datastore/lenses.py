"""What a version holds of a commune: by which column, how many rows, and those rows as a source of their own.

Subsets are beside the versions (``hub.store``): derived, made when first asked for, lost without harm.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from parvis.core.columns import Column, ColumnType
from parvis.core.errors import OperationError
from parvis.core.rowlog.laying import LaidRows
from parvis.core.store import AlreadyStored
from parvis.core.translation import gettext_noop
from parvis.core.versions.delivered import write_delivered
from parvis.core.versions.folders import write_failure
from parvis.core.versions.manifest import MANIFEST, Manifest, write_manifest
from parvis.core.versions.subsets import (
    Among,
    Condition,
    Inside,
    count_by_code,
    count_by_contour,
    write_subset,
)
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.quotas.metering import working
from parvis.hub.sites.lens import Lens
from parvis.hub.sites.selectors import communes_with_a_site, territories_with_a_site
from parvis.hub.store import lenses_name, manifest_of, store, version_name
from parvis.hub.territories.models import Contour, Territory
from parvis.hub.territories.selectors import communes_of

COMMUNE = 5
"""Letters of a commune's code, with which the code of an IRIS begins."""

SOURCE = "source"
"""The subset that is no commune's: a version as its source delivered it."""

MOST_COMMUNES = 1_500
"""Communes of a territory for which rows are counted: those of a department, or of a region such as Brittany."""

LAID = "~"
"""What is between a commune and the moment of what was laid, in the name of its rows among it."""

SEEN = "vu"
"""What ends the key of rows laid over those of a commune: those rows alone are another source."""

WRITING = 60.0
"""Longest time, in seconds, that the rows of a commune may take to be written."""

WAIT = 30.0
"""Longest time, in seconds, that a request waits for another one to write them."""


class BeingWritten(OperationError):
    """Another caller writes the same rows, and took longer than this one could wait."""

    code: ClassVar[str] = "version-being-written"
    sentence: ClassVar[str] = gettext_noop("Ces lignes sont en cours de préparation.")
    advice: ClassVar[str] = gettext_noop("Recommencez dans une minute.")


@dataclass(frozen=True, slots=True)
class CodeRule:
    """A kind of column that names a place: the codes that concern a commune, and the word for the place they name."""

    kind: str
    codes: Callable[[Lens], tuple[str, ...]]
    place: str
    begins: bool = False


RULES = (
    CodeRule("insee_commune", lambda lens: lens.codes, "commune"),
    CodeRule("iris", lambda lens: lens.codes, "commune", begins=True),
    CodeRule("epci", lambda lens: (lens.epci,), "epci"),
    CodeRule("department", lambda lens: (lens.department,), "departement"),
    CodeRule("region", lambda lens: (lens.region,), "region"),
)
"""From the finest to the broadest; a geometry comes between the communes and what they belong to."""

_FINE = 2
"""How many of the rules name places as small as a commune."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How a version is cut for communes: by the codes of ``column`` (``rule``), or by its places when ``rule`` is None."""

    column: Column
    rule: CodeRule | None

    @property
    def place(self) -> str:
        """The kind of territory that is told apart: ``commune``, ``epci``, ``departement`` or ``region``."""
        return self.rule.place if self.rule else "commune"


def way_of_seeing(manifest: Manifest) -> Seen | None:
    """The column by which a version is cut, the finest there is; None when nothing in it names a place."""
    for rule in RULES[:_FINE]:
        if (column := _column_of(manifest, rule.kind)) is not None:
            return Seen(column, rule)
    if manifest.shape.geometry is not None and manifest.bbox is not None:
        return Seen(manifest.shape.geometry, None)
    for rule in RULES[_FINE:]:
        if (column := _column_of(manifest, rule.kind)) is not None:
            return Seen(column, rule)
    return None


def _column_of(manifest: Manifest, kind: str) -> Column | None:
    """The column of that kind that is filled the most; none that holds a list, of which no value is the row's place."""
    candidates = [
        c for c in manifest.shape if c.kind == kind and c.type is ColumnType.TEXT and "multivalued" not in c.annotations
    ]
    return min(candidates, key=lambda c: manifest.profile[c.name].nulls, default=None)


def narrows(dataset: Dataset, lens: Lens) -> bool:
    """Whether the lens cuts this dataset: what the commune itself publishes is shown whole on its site, and so is what is asked of
    another portal."""
    is_here = dataset.current is None or not dataset.current.is_federated
    return is_here and dataset.organisation.territory_id != lens.territory


def subset_of(dataset: Dataset, version: Version, manifest: Manifest, lens: Lens) -> str | None:
    """The name of the rows that concern the commune, made when they are not there; None when nothing tells them apart.

    WriteFailed when it could not be written, BeingWritten when another request takes too long to write it. Writing it is taken
    from the budget of the request that asks first: QuotaExceeded, TooManyAtOnce as of any work of the engine.
    """
    seen = way_of_seeing(manifest)
    condition = _condition(seen, lens) if seen else None
    if condition is None:
        return None
    name = f"{lenses_name(dataset.uid, version.name)}/{lens.code}"
    if not store().exists(f"{name}/{MANIFEST}"):
        try:
            _make(version_name(dataset.uid, version.name), name, condition)
        except TimeoutError as error:
            raise BeingWritten from error
        except OSError as error:
            raise write_failure(error) from error
    return name


def laid_subset_of(dataset: Dataset, version: Version, laid_manifest: Manifest, laid: LaidRows, lens: Lens) -> str:
    """The name of those of the rows laid over a version that concern the commune; to be asked where ``subset_of`` gave some.

    ``laid_manifest`` is that of the version with the parts that are laid.
    """
    seen = way_of_seeing(manifest_of(dataset.uid, version.name))
    condition = _condition(seen, lens) if seen else None
    assert condition is not None
    name = f"{lenses_name(dataset.uid, version.name)}/{lens.code}{LAID}{laid.mark}"

    def write(_whole: Path, destination: Path, code: str, *, seconds: float) -> Manifest:
        with tempfile.TemporaryDirectory(prefix="laid-", dir=process_folder()) as work:
            files = [
                replace(part, file=str(store().local(f"{laid.folder}/{part.file}"))) for part in laid_manifest.parts
            ]
            write_manifest(Path(work), replace(laid_manifest, parts=tuple(files)))
            return write_subset(Path(work), destination, code, condition, seconds=seconds)

    if not store().exists(f"{name}/{MANIFEST}"):
        try:
            _derive(version_name(dataset.uid, version.name), name, write)
        except TimeoutError as error:
            raise BeingWritten from error
        except OSError as error:
            raise write_failure(error) from error
    return name


def forget_laid_subsets(dataset: Dataset, name: str, but: str) -> None:
    """Remove what communes saw of rows laid over a version, but at the moment of that mark."""
    folder = lenses_name(dataset.uid, name)
    for child in store().children(folder):
        if LAID in child and not child.endswith(LAID + but):
            store().delete(f"{folder}/{child}")


def delivered_of(dataset: Dataset, version: Version) -> str:
    """The name of a version as its source delivered it, made when it is not there; the errors of ``subset_of``.

    To be asked of a version that contributions changed (``core.versions.delivered.is_overlaid``).
    """
    name = f"{lenses_name(dataset.uid, version.name)}/{SOURCE}"
    if not store().exists(f"{name}/{MANIFEST}"):
        try:
            _derive(version_name(dataset.uid, version.name), name, write_delivered)
        except TimeoutError as error:
            raise BeingWritten from error
        except OSError as error:
            raise write_failure(error) from error
    return name


def _make(whole: str, name: str, condition: Condition) -> None:
    _derive(whole, name, partial(write_subset, condition=condition))


def _derive(whole: str, name: str, write: Callable[..., Manifest]) -> None:
    """Write what is derived of a version unless somebody else does meanwhile: a map asks for all its tiles at once, one writing answers them all."""
    with store().alone(name, WAIT):
        if store().exists(f"{name}/{MANIFEST}"):
            return
        # Anyone who comes first pays, and who waits for the lock does not.
        with working(whole), tempfile.TemporaryDirectory(prefix="lens-", dir=process_folder()) as work:
            code = name.rpartition("/")[2]
            write(store().local(whole), Path(work), code, seconds=WRITING)
            with suppress(AlreadyStored):
                store().commit(Path(work, code), name)


def _condition(seen: Seen, lens: Lens) -> Condition | None:
    if seen.rule is not None:
        codes = tuple(code for code in seen.rule.codes(lens) if code)
        return Among(seen.column.name, codes, seen.rule.begins) if codes else None
    contour = Contour.objects.filter(territory=lens.territory).first()
    if contour is None:
        return None
    return Inside(seen.column.name, seen.column.type is ColumnType.GEO_POINT, contour.geojson)


def communes_counted() -> QuerySet[Territory]:
    """The communes for which rows are counted: those that have a site, and those of the territory of a site, whose pages list what
    is about them."""
    condition = Q(pk__in=communes_with_a_site().values("pk"))
    for territory in territories_with_a_site():
        communes = communes_of(territory)
        if communes.count() <= MOST_COMMUNES:
            condition |= Q(pk__in=communes.order_by().values("pk"))
    return Territory.objects.filter(condition)


def rows_by_commune(dataset: Dataset, version: Version, communes: Iterable[Territory]) -> dict[str, int] | None:
    """How many rows of a version concern each commune, by its present code; None when nothing tells them apart.

    One pass over the version whatever the number of communes.
    """
    seen, chosen = way_of_seeing(manifest_of(dataset.uid, version.name)), list(communes)
    if seen is None:
        return None
    folder = store().local(version_name(dataset.uid, version.name))
    if seen.rule is None:
        contours = dict(Contour.objects.filter(territory__in=chosen).values_list("territory__code", "geojson"))
        counts_by_code = count_by_contour(folder, seen.column, contours)
        return {code: counts_by_code.get(code, 0) for code in contours}
    counts = count_by_code(folder, seen.column, COMMUNE if seen.rule.begins else None)
    return {row.code: sum(counts.get(code, 0) for code in _codes(seen.rule, row)) for row in chosen}


def _codes(rule: CodeRule, commune: Any) -> tuple[str, ...]:
    own = {
        "commune": (commune.code, *commune.former_codes),
        "epci": (commune.epci,),
        "departement": (commune.department,),
        "region": (commune.region,),
    }
    return own[rule.place]


def forget_subsets(dataset: Dataset, name: str) -> None:
    """Remove the subsets of a version that is no more."""
    store().delete(lenses_name(dataset.uid, name))


def forget_all_subsets() -> None:
    """Remove what communes see of every version: where communes lie or which codes are theirs changed. What a source delivered stays."""
    for uid, name in Version.objects.values_list("dataset__uid", "name"):
        folder = lenses_name(uid, name)
        for child in store().children(folder):
            if child != SOURCE:
                store().delete(f"{folder}/{child}")
