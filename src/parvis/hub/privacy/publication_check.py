"""The gate: what is to be read by everybody waits until what was found of persons in it is decided."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.core.privacy import Finding, search_document, search_name
from parvis.core.privacy.kinds import KIND_BY_NAME
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.publication_checks import Blocker
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.selectors import card_of
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.privacy.presentation import CARD_FIELDS
from parvis.hub.privacy.rules import undecided
from parvis.hub.privacy.selectors import card_findings, decided_keys, opening_needed, report_of

COMMAND = "À la ligne de commande : --privacy-decision « … », ou --draft pour ne pas publier."


def privacy_gate(dataset: Dataset, version: Version) -> Sequence[Blocker]:
    """Obstacles for what everybody would read: the table and the card of a public dataset, the card of an announced one.

    What is online for all already, and found the same, is told without blocking: its card may still be mended.
    """
    if dataset.access != Access.PUBLIC and not dataset.announced:
        return ()
    former = _former_card(dataset)
    decided = decided_keys(dataset, version)
    obstacles = []
    online = _is_online(dataset, version, former)
    online_keys = {finding.key for finding in card_findings(former)} if online else set()
    card = undecided(card_findings(card_of(dataset)), decided)
    obstacles += [
        _blocker(dataset, "privacy-card", rows, blocking=fresh) for rows, fresh in _split(card, online_keys) if rows
    ]
    if dataset.access == Access.PUBLIC:
        table = undecided(report_of(version).findings, decided)
        if table:
            obstacles.append(_blocker(dataset, "privacy-undecided", table, blocking=not online))
        if not online and opening_needed(dataset):
            obstacles.append(_opening(dataset))
    return obstacles


def _former_card(dataset: Dataset) -> dict[str, Any]:
    """The card as everybody read it before the change at hand, which has no revision yet."""
    latest = dataset.revisions.first() if dataset.pk else None
    return dict(latest.card) if latest else {}


def _is_online(dataset: Dataset, version: Version, former: dict[str, Any]) -> bool:
    """Whether everybody reads that very version already."""
    stored = Dataset.objects.filter(pk=dataset.pk).values_list("status", "access", "current_id").first()
    return stored == (Status.PUBLISHED, Access.PUBLIC, version.pk) and former.get("access") == Access.PUBLIC


def _split(findings: Sequence[Finding], online_keys: set[str]) -> list[tuple[list[Finding], bool]]:
    return [
        ([finding for finding in findings if finding.key not in online_keys], True),
        ([finding for finding in findings if finding.key in online_keys], False),
    ]


def page_of(dataset: Dataset) -> str:
    """Where a person reads what was found and decides."""
    return f"/admin/jeux/{dataset.dataset_id}/donnees-personnelles/"


def _blocker(dataset: Dataset, code: str, findings: Sequence[Finding], *, blocking: bool) -> Blocker:
    message = ngettext(
        "une donnée personnelle est à examiner : %(what)s.",
        "%(count)s données personnelles sont à examiner : %(what)s.",
        len(findings),
    )
    shown = ", ".join(described(finding) for finding in findings[:4]) + ("…" if len(findings) > 4 else "")
    return Blocker(
        code, message % {"count": len(findings), "what": shown}, _hint(), page_of(dataset), blocking, COMMAND
    )


def described(finding: Finding) -> str:
    """The finding in a few words: its kind and where."""
    kind = _(KIND_BY_NAME[finding.kind].label)
    if finding.column == "*":
        return kind
    place, _colon, field = finding.column.partition(":")
    where = CARD_FIELDS.get(field, finding.label) if place == "card" else f"« {finding.label} »"
    return f"{kind} ({where})"


def _opening(dataset: Dataset) -> Blocker:
    message = _("ces données étaient réservées : les ouvrir à tous demande une décision écrite.")
    return Blocker("privacy-opening", message, _hint(), page_of(dataset), blocking=True, command=COMMAND)


def _hint() -> str:
    return _(
        "Traitez les colonnes ou corrigez la fiche ; ou décidez à quel titre c’est publié, sur la page « Données personnelles » du jeu."
    )


def look_at_attachment(title: str, name: str, content: File[Any]) -> list[dict[str, Any]]:
    """What is found of persons in a document, in its title and in its name (JSON-able findings)."""
    content.seek(0)
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=process_folder(), suffix=PurePath(name).suffix) as copy:
        for piece in content.chunks():
            digest.update(piece)
            copy.write(piece)
        copy.flush()
        where = f"document:{digest.hexdigest()[:12]}"
        report = search_document(Path(copy.name), name=PurePath(name).name, where=where, label=PurePath(name).name)
    content.seek(0)
    called = search_name(title, PurePath(name).stem, where=where, label=PurePath(name).name)
    return [finding.to_dict() for finding in report.joined([called]).findings]


def holds_attachment(dataset: Dataset, findings: Sequence[dict[str, Any]]) -> bool:
    """Whether a document in which that was found must wait for a decision."""
    return bool(undecided([Finding.from_dict(row) for row in findings], decided_keys(dataset)))


def described_document(findings: Sequence[dict[str, Any]]) -> list[str]:
    """What was found in a document that nobody decided of, in a few words each; nothing of what holds back nothing."""
    rows = undecided([Finding.from_dict(row) for row in findings], frozenset())
    return list(dict.fromkeys(_(KIND_BY_NAME[finding.kind].label) for finding in rows))
