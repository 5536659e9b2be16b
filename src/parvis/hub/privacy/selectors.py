"""What was found in a version and its card, what was decided, what still needs a decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.html import strip_tags

from parvis.core.errors import NotFound
from parvis.core.ingest import search_version
from parvis.core.privacy import Confidence, Finding, PrivacyReport, search_name, search_text
from parvis.core.privacy.inspector import NAME
from parvis.core.privacy.model import ordered
from parvis.core.privacy.names import names_a_person
from parvis.core.privacy.values import mask
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.rules import Actor, may
from parvis.hub.catalogue.models import Attachment, Dataset, Version
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.selectors import card_of
from parvis.hub.datastore.models import Import
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.privacy.models import Decision, Opening, Review
from parvis.hub.privacy.rules import findings_mark, needs_opening, original_stays_inside, undecided
from parvis.hub.store import manifest_of, store, version_name

MEMBERS = "members"
"""What nobody searched yet: the other files of the archive that the table came in."""

CARD_TEXTS = (
    "title",
    "description",
    "contact_name",
    "contact_email",
    "source",
    "source_url",
    "ip_note",
    "personal_data",
    "closure_note",
)
"""What people write on the card and everybody reads."""


@dataclass(frozen=True, slots=True)
class PublicationStatus:
    """Where a version stands: everything found, what still needs a decision, and whether opening it does."""

    report: PrivacyReport
    card: tuple[Finding, ...]
    documents: tuple[Finding, ...]
    undecided: tuple[Finding, ...]
    opening: bool
    treatments: tuple[Mapping[str, Any], ...]

    @property
    def waits(self) -> bool:
        """Whether a decision is needed before everybody may read it."""
        return bool(self.undecided) or self.opening

    @property
    def mark(self) -> str:
        """Changes when what is to be decided does: a form has the mark of what its reader saw."""
        return findings_mark(self.undecided, opening=self.opening)


def checked(version: Version) -> dict[str, Any]:
    """What the inspection of a version noted; versions older than it are searched once, and that is kept."""
    row = Review.objects.filter(version=version).first()
    if row is not None:
        return dict(row.body)
    uid, name = version.dataset.uid, version.name
    try:
        manifest = manifest_of(uid, name)
        body = dict(manifest.checks.get(NAME) or _searched(uid, name))
    except NotFound:
        return PrivacyReport(0).to_dict()  # rows without files: there is nothing to read either
    reading = manifest.original.reading
    if "member" in reading and len(reading.get("members") or ()) > 1:  # without ``member``, all of them were read
        body["unseen"] = [*(body.get("unseen") or ()), MEMBERS]
    Review.objects.get_or_create(version=version, defaults={"body": dict(body)})
    return dict(body)


def _searched(uid: str, name: str) -> dict[str, Any]:
    return search_version(store().local(version_name(uid, name)), work=process_folder()).to_dict()


def report_of(version: Version) -> PrivacyReport:
    """What was found in the table of a version, and in the name of its file, which readers are told."""
    named = search_name(PurePath(version.original).stem, where="file:name", label=version.original)
    return PrivacyReport.from_dict(checked(version)).joined([named])


def card_findings(card: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Persons named on a card: in its texts, as its contact, in the words about its columns."""
    findings: list[Finding] = []
    for name in CARD_TEXTS:
        findings += _in_words(str(card.get(name) or ""), f"card:{name}")
    contact = str(card.get("contact_name") or "")
    if names_a_person(contact):
        why = Sentence(gettext_noop("Le contact est une personne nommée."))
        findings.append(
            Finding("name", "card:contact_name", "contact", Confidence.LIKELY, 1, 1.0, (mask(contact),), (why,))
        )
    rows = [row for row in (card.get("fields") or {}).values() if isinstance(row, Mapping)]
    findings += _in_words("\n".join(_leaves(rows)), "card:fields")
    findings += _in_words("\n".join(map(str, card.get("keywords") or ())), "card:keywords")
    findings += _in_words("\n".join(_leaves(card.get("translations"))), "card:translations")
    findings += _in_words("\n".join(_leaves([card.get("custom"), card.get("as_told")])), "card:custom")
    findings += _in_words("\n".join(_leaves(list((card.get("inspire") or {}).values()))), "card:inspire")
    return ordered(findings)


def _leaves(value: Any) -> Iterator[str]:
    """Every text inside lists and objects, the names that objects give included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield str(name)
            yield from _leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner)


def _in_words(text: str, where: str) -> tuple[Finding, ...]:
    return search_text(strip_tags(text), where=where, label=where.partition(":")[2]).findings if text else ()


def document_findings(attachment: Attachment) -> tuple[Finding, ...]:
    """What was found in a document when it was attached."""
    return tuple(Finding.from_dict(row) for row in attachment.findings)


def decisions_of(dataset: Dataset) -> QuerySet[Decision]:
    """The decisions about a dataset, latest first, those of its imports included."""
    mine = Q(dataset=dataset) | Q(dataset=None, imported__dataset=dataset)
    return Decision.objects.filter(mine).select_related("person", "version")


def decided_keys(dataset: Dataset, version: Version | None = None) -> frozenset[str]:
    """The keys that standing decisions cover."""
    mine = Q(dataset=dataset)
    if version is not None:
        mine |= Q(dataset=None, imported__version_name=version.name)
    rows = Decision.objects.filter(mine, withdrawn=None).values_list("keys", flat=True)
    return frozenset(key for keys in rows for key in keys)


def tables_of_persons(datasets: Iterable[int]) -> frozenset[int]:
    """Those of these datasets whose rows hold personal data that a standing decision lets everybody read."""
    keys = list(datasets)
    mine = Q(dataset__in=keys) | Q(dataset=None, imported__dataset__in=keys)
    rows = Decision.objects.filter(mine, withdrawn=None).values_list("dataset", "imported__dataset", "keys")
    # The keys of what was found on the card (« name@card:contact_name ») or in documents are not of the rows.
    return frozenset(
        own or imported
        for own, imported, names in rows
        if any(":" not in str(name).partition("@")[2] for name in names)
    )


def publication_status(dataset: Dataset, version: Version | None) -> PublicationStatus:
    """Where a version stands, were everybody to read it."""
    report = report_of(version) if version is not None else PrivacyReport(0)
    card = card_findings(card_of(dataset))
    documents = tuple(found for one in Attachment.every.filter(dataset=dataset) for found in document_findings(one))
    decided = decided_keys(dataset, version)
    return PublicationStatus(
        report,
        card,
        documents,
        undecided((*report.findings, *card, *documents), decided),
        opening_needed(dataset),
        tuple(treatments_of(version)) if version is not None else (),
    )


def opening_needed(dataset: Dataset) -> bool:
    """Whether data that was reserved once published needs a decision of its own to become public."""
    if dataset.pk is None or not (dataset.issued or dataset.status == Status.PUBLISHED):
        return False
    closed, last_closed = _reserved(dataset)
    decided = Decision.objects.filter(dataset=dataset, opening=True, withdrawn=None).order_by("-at").first()
    opened = Opening.objects.filter(dataset=dataset).first()
    return needs_opening(closed, last_closed, decided and decided.at, opened and opened.at)


def was_reserved(dataset: Dataset) -> bool:
    """Whether the dataset was internal or restricted since everybody last read it, or never was open to all."""
    _closed, last_closed = _reserved(dataset)
    opened = Opening.objects.filter(dataset=dataset).first()
    return last_closed is not None and (opened is None or opened.at < last_closed)


def former_versions(dataset: Dataset) -> list[Version]:
    """The versions that readers may still ask for, but for the one online."""
    return list(dataset.versions.filter(published__isnull=False).exclude(pk=dataset.current_id))


def _reserved(dataset: Dataset) -> tuple[datetime | None, datetime | None]:
    """When the last reserved period began and was last seen, by the revisions of the card; the row alone counts as now."""
    closed = last_closed = None
    before = Access.PUBLIC
    for at, access in dataset.revisions.order_by("at", "pk").values_list("at", "card__access"):
        if access != Access.PUBLIC:
            closed, last_closed = (at if before == Access.PUBLIC else closed), at
        before = access
    stored = Dataset.objects.filter(pk=dataset.pk).values_list("access", "created").first()
    if last_closed is None and stored is not None and stored[0] != Access.PUBLIC:
        return stored[1], stored[1]
    return closed, last_closed


def treatments_of(version: Version) -> Sequence[Mapping[str, Any]]:
    """The treatments of personal data in the lineage of a version."""
    try:
        lineage = manifest_of(version.dataset.uid, version.name).lineage
    except NotFound:
        return ()
    return [step for step in lineage if str(step.get("name", "")).startswith("privacy.")]


def may_fetch_original(actor: Actor, dataset: Dataset, version: Version) -> bool:
    """Whether the actor may have the file as it was received, and what was set apart: editors always, others unless it is
    withheld, and when it holds no more of persons than the table. The caller has already checked the right to see the dataset."""
    if may(actor, "edit", dataset.organisation_id):
        return True
    return not dataset.original_withheld and not original_holds_persons(dataset, version)


def originals_offered(datasets: Sequence[Dataset]) -> dict[int, tuple[str, int, str]]:
    """By key of dataset, the name, size and SHA-256 of the file that its current version was made of, where anyone who reads the
    dataset may have it. Those of versions that nobody searched for personal data yet are not there: a list is no moment to."""
    offered = {row.pk: row for row in datasets if row.current and not row.original_withheld}
    reviews = Review.objects.filter(version__in=[row.current_id for row in offered.values()])
    bodies = dict(reviews.values_list("version__dataset", "body"))
    files: dict[int, tuple[str, int, str]] = {}
    for key, row in offered.items():
        if key not in bodies or row.current.is_federated:
            continue
        try:
            manifest = manifest_of(row.uid, row.current.name)
        except NotFound:
            continue
        if manifest.original.sha256 and not original_stays_inside(manifest.lineage, bodies[key]):
            files[key] = (PurePath(manifest.original.file).name, manifest.original.bytes, manifest.original.sha256)
    return files


def original_holds_persons(dataset: Dataset, version: Version) -> bool:
    """Whether the file as it was received holds more of persons than the table made of it."""
    try:
        lineage = manifest_of(dataset.uid, version.name).lineage
    except NotFound:
        return False
    return original_stays_inside(lineage, checked(version))


def may_read_checks(actor: Actor, dataset: Dataset, version: Version) -> bool:
    """Whether the actor may read what checks of the received file quote of its rows: they quote columns left out too."""
    return may(actor, "edit", dataset.organisation_id) or not checked(version).get("aside")


def import_report(imported: Import) -> PrivacyReport | None:
    """What the last examination of an import found; None before."""
    body = (imported.findings.get("checks") or {}).get(NAME)
    return PrivacyReport.from_dict(body) if body else None


def import_decision(imported: Import) -> Decision | None:
    """The decision taken during an import, if one stands."""
    return Decision.objects.filter(imported=imported, withdrawn=None).first()


def import_undecided(imported: Import) -> tuple[Finding, ...]:
    """What an examination found and no decision of the import or of its dataset covers."""
    report = import_report(imported)
    if report is None:
        return ()
    keys = {key for row in Decision.objects.filter(imported=imported, withdrawn=None) for key in row.keys}
    if imported.dataset is not None:
        keys |= decided_keys(imported.dataset)
    return undecided(report.findings, frozenset(keys))
