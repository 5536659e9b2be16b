"""Reading schemas, what datasets follow and verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db.models import F, Q, QuerySet

from parvis.core.errors import NotFound
from parvis.core.schemas import BadSchema, TableSchema
from parvis.core.schemas.references import Origin, SchemaRef
from parvis.core.schemas.refusals import AmbiguousSchema
from parvis.core.text import fold, slugify
from parvis.core.validation.reports.endings import ENDINGS
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.selectors import datasets_managed_by, datasets_visible_to
from parvis.hub.datastore.models import Import
from parvis.hub.store import deposit_report_name, report_name, store
from parvis.hub.validation.models import DatasetSchema, ImportSchema, KeptSchema, OrganisationPolicy, Verdict
from parvis.hub.validation.rules import Enforcement, mark_of
from parvis.hub.validation.strangers import read_schema_of_stranger
from parvis.packs.schemas import CatalogueEntry, SchemaVersion, bundled, find, load

REPORT_FORMATS = ENDINGS
"""The files of a full report, by ending."""

_MOST_NAMED = 6


def schemas_folder() -> Path:
    """Where the schemas fetched since the installation stand (``parvis schemas update``)."""
    return settings.PARVIS_HOME / "schemas"


def catalogue(words: str = "") -> list[CatalogueEntry]:
    """The schemas that ship with Parvis or were fetched since, by title; those that hold every word, if any are given."""
    terms = fold(words).split()
    entries = [
        entry
        for entry in bundled(schemas_folder())
        if all(word in fold(f"{entry.name} {entry.title} {entry.description}") for word in terms)
    ]
    return sorted(entries, key=lambda entry: fold(entry.title))


def catalogue_entry(name: str) -> CatalogueEntry:
    """The schema of that very name; NotFound when there is none."""
    entry = next((entry for entry in bundled(schemas_folder()) if entry.name == name), None)
    if entry is None:
        raise NotFound(name=name)
    return entry


def named_by(words: str) -> str:
    """The name of the one schema of the catalogue whose title and name hold these words; ``words`` themselves when they are a name,
    an address, or hold nothing known. AmbiguousSchema when several fit."""
    terms = fold(words).split()
    entries = catalogue()
    if not terms or "/" in words or "@" in words or any(fold(words.strip()) == fold(entry.short) for entry in entries):
        return words
    titled = [entry for entry in entries if terms == fold(entry.title).split()]
    matches = titled or [
        entry for entry in entries if all(word in fold(f"{entry.name} {entry.title}") for word in terms)
    ]
    if len(matches) > 1:
        names = ", ".join(f"{entry.title or entry.short} ({entry.name})" for entry in matches[:_MOST_NAMED])
        raise AmbiguousSchema(name=words, known=names)
    return matches[0].name if matches else words


def bundled_ref(reference: str) -> SchemaRef:
    """The schema of the catalogue called ``name`` or ``name@version``; UnknownSchema, AmbiguousSchema or UnknownVersion."""
    name, _at, version = reference.partition("@")
    entry, row = find(name, version or None, schemas_folder())
    return SchemaRef(Origin.BUNDLED, entry.name, row.version)


def find_version(ref: SchemaRef) -> tuple[CatalogueEntry, SchemaVersion]:
    """The row of the catalogue that a bundled schema is."""
    return find(ref.name, ref.version or None, schemas_folder())


def schema_of(ref: SchemaRef) -> TableSchema:
    """The schema itself; UnknownSchema, UnknownVersion or NotFound when it is no longer there, BadSchema when it has errors."""
    if ref.origin is Origin.BUNDLED:
        return require_sound(load(ref.name, ref.version or None, schemas_folder()))
    return _schema_copy(ref.digest, ref.name, ref.version)


@lru_cache(maxsize=64)
def _schema_copy(digest: str, name: str, version: str) -> TableSchema:
    row = KeptSchema.objects.filter(digest=digest).first()
    if row is None:
        raise NotFound(name=name)
    return require_sound(read_schema_of_stranger(row.content.encode(), name, version))


def require_sound(schema: TableSchema) -> TableSchema:
    """The schema; BadSchema when it has errors of its own."""
    if schema.problems:
        first = schema.problems[0]
        raise BadSchema(
            name=schema.name,
            count=len(schema.problems),
            note=first.sentence,
            path=first.path or "/",
        )
    return schema


def schema_title(ref: SchemaRef) -> str:
    """How a person calls it."""
    if ref.origin is Origin.BUNDLED:
        return find_version(ref)[0].title or ref.name
    return schema_of(ref).title or ref.name


def schema_columns(ref: SchemaRef) -> dict[str, Any]:
    """The columns of a row that chooses this schema; raises what ``schema_of`` raises."""
    schema_of(ref)
    kept_schema = KeptSchema.objects.get(digest=ref.digest) if ref.digest else None
    title = schema_title(ref)[:300]
    return {"origin": ref.origin, "name": ref.name, "version": ref.version, "title": title, "kept": kept_schema}


def schema_address(ref: SchemaRef) -> str:
    """Where the schema is published, empty for a file."""
    if ref.origin is Origin.BUNDLED:
        return find_version(ref)[1].url
    return ref.name if ref.origin is Origin.ADDRESS else ""


def followed(dataset: Dataset) -> DatasetSchema | None:
    """What a dataset follows."""
    return DatasetSchema.objects.select_related("kept").filter(dataset=dataset).first()


def labels_of_schema(dataset: Dataset, column: str) -> dict[str, str]:
    """What the values of a column are called by the schema that its dataset follows (``categories`` of the Data Package standard,
    version 2); empty when it says nothing. The errors of ``schema_of``."""
    row = followed(dataset)
    fields = schema_of(row.ref).raw.get("fields", ()) if row else ()
    own = next((field for field in fields if slugify(str(field.get("name", "")), "_") == column), {})
    categories = [one for one in own.get("categories") or () if isinstance(one, Mapping)]
    return {str(one["value"]): str(one["label"]) for one in categories if one.get("label") and "value" in one}


def newer_schema(dataset: Dataset) -> DatasetSchema | None:
    """What a dataset follows, when a later version of it is there that its owner did not put away."""
    return DatasetSchema.objects.filter(dataset=dataset, newer_seen=False).exclude(newer="").first()


def chosen_for(imported: Import) -> ImportSchema | None:
    """What was chosen for this very import, none on purpose included; None when nothing was."""
    return ImportSchema.objects.select_related("kept").filter(imported=imported).first()


def ref_for(imported: Import) -> SchemaRef | None:
    """The schema that the file of an import is checked against: its own choice, else what its dataset follows."""
    chosen = chosen_for(imported)
    if chosen is not None:
        return chosen.ref
    row = followed(imported.dataset) if imported.dataset_id else None
    return row.ref if row is not None else None


def import_mark(imported: Import) -> str:
    """What tells whether the choices of an import are still those that a page showed."""
    chosen = chosen_for(imported)
    facts = [chosen.origin, chosen.name, chosen.version, chosen.refused] if chosen is not None else []
    return mark_of(imported.steps, imported.overrides, facts)


def enforcement_of(dataset: Dataset, row: DatasetSchema | None = None) -> Enforcement:
    """What an invalid version of the dataset meets: as it says itself, else its organisation, else a warning."""
    row = row or followed(dataset)
    if row is not None and row.enforcement:
        return Enforcement(row.enforcement)
    return default_of(dataset.organisation)


def default_of(organisation: Organisation) -> Enforcement:
    """What an organisation chose for its datasets."""
    policy = OrganisationPolicy.objects.filter(organisation=organisation).first()
    return Enforcement(policy.enforcement) if policy is not None else Enforcement.WARN


def verdict_of(version: Version, row: DatasetSchema) -> Verdict | None:
    """The verdict of a version against the schema that its dataset follows, in the version followed."""
    return Verdict.objects.filter(dataset_version=version, schema=row.name, schema_version=row.version).first()


def newer_verdict(dataset: Dataset, row: DatasetSchema | None) -> Verdict | None:
    """What the version online is worth against the newer version of the schema followed; None when nothing was found of it."""
    if row is None or not row.newer or dataset.current is None:
        return None
    verdicts = Verdict.objects.filter(dataset_version=dataset.current, schema=row.name, schema_version=row.newer)
    return verdicts.first()


def verdicts_of(versions: Sequence[Version]) -> dict[int, Verdict]:
    """The latest verdict of each version that has one, by the key of the version."""
    verdict_by_version: dict[int, Verdict] = {}
    for verdict in Verdict.objects.filter(dataset_version__in=list(versions)).order_by("made", "pk"):
        verdict_by_version[verdict.dataset_version_id] = verdict
    return verdict_by_version


def followers(actor: Actor, name: str) -> QuerySet[Dataset]:
    """The datasets the actor may see that follow the schema of that name."""
    return datasets_visible_to(actor).filter(schema_followed__name=name).order_by("title")


def notices(actor: Actor, organisation: Organisation | None = None) -> QuerySet[DatasetSchema]:
    """The datasets the actor edits of which a newer schema is there, not put away; of one organisation if given."""
    rows = DatasetSchema.objects.select_related("dataset__organisation").exclude(newer="").filter(newer_seen=False)
    rows = rows.filter(dataset__in=datasets_managed_by(actor).values("pk"))
    return rows if organisation is None else rows.filter(dataset__organisation=organisation)


def invalid_online(actor: Actor) -> QuerySet[Verdict]:
    """The verdicts of versions online, against the schema followed, that are not valid, of datasets the actor edits."""
    return (
        Verdict.objects.select_related("dataset_version__dataset__organisation")
        .filter(valid=False, dataset_version=F("dataset_version__dataset__current"))
        .filter(Q(schema=F("dataset_version__dataset__schema_followed__name")))
        .filter(schema_version=F("dataset_version__dataset__schema_followed__version"))
        .filter(dataset_version__dataset__in=datasets_managed_by(actor).values("pk"))
    )


def report_file(dataset: Dataset, verdict: Verdict, ending: str) -> BinaryIO:
    """A file of a full report, open; NotFound when it is not there (a report too large for a spreadsheet has none)."""
    return _report_file(report_name(dataset.uid, verdict.dataset_version.name, verdict.schema_version), ending)


def report_files(dataset: Dataset, verdict: Verdict) -> list[str]:
    """The endings of the files of a full report that are there."""
    return _report_files(report_name(dataset.uid, verdict.dataset_version.name, verdict.schema_version))


def import_report_file(imported: Import, ending: str) -> BinaryIO:
    """A file of the full report on a received file, open; NotFound when it is not there."""
    return _report_file(deposit_report_name(imported.deposit_id), ending)


def import_report_files(imported: Import) -> list[str]:
    """The endings of the files of the full report on a received file that are there."""
    return _report_files(deposit_report_name(imported.deposit_id)) if imported.deposit_id else []


def _report_file(name: str, ending: str) -> BinaryIO:
    if ending not in REPORT_FORMATS:
        raise NotFound(name=f"rapport.{ending}")
    try:
        return store().open(f"{name}/rapport.{ending}")
    except NotFound as error:
        raise NotFound(name=f"rapport.{ending}") from error


def _report_files(name: str) -> list[str]:
    files = store().children(name)
    return [ending for ending in REPORT_FORMATS if f"rapport.{ending}" in files]


def versions_to_check(dataset: Dataset) -> list[Version]:
    """The version online and the latest one, if nothing was found yet of them against the schema followed."""
    row = followed(dataset)
    if row is None:
        return []
    latest = dataset.versions.first()
    candidates = {version.pk: version for version in (dataset.current, latest) if version is not None}
    return [version for version in candidates.values() if verdict_of(version, row) is None]


def newer_versions() -> dict[str, list[DatasetSchema]]:
    """The datasets that follow a bundled schema of which the catalogue has a later version not told yet, by that version."""
    rows_by_version: dict[str, list[DatasetSchema]] = defaultdict(list)
    latest = {entry.name: entry.latest.version for entry in bundled(schemas_folder())}
    for row in DatasetSchema.objects.select_related("dataset__current").filter(origin=Origin.BUNDLED):
        newest = latest.get(row.name, row.version)
        if newest not in (row.version, row.newer):
            rows_by_version[newest].append(row)
    return dict(rows_by_version)
