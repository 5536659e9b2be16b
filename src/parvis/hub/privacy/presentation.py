"""What was found, in the words of screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from parvis.core.privacy import Confidence, Finding
from parvis.core.privacy.kinds import KIND_BY_NAME
from parvis.core.translation import SOURCE
from parvis.hub.privacy.models import Decision
from parvis.hub.privacy.rules import GROUND_BY_SLUG
from parvis.hub.ui.formatting import number

CONFIDENCE = {
    Confidence.CERTAIN: gettext_lazy("certain"),
    Confidence.LIKELY: gettext_lazy("probable"),
    Confidence.POSSIBLE: gettext_lazy("possible"),
}
CARD_FIELDS = {
    "title": gettext_lazy("le titre"),
    "description": gettext_lazy("la description"),
    "contact_name": gettext_lazy("le nom du contact"),
    "contact_email": gettext_lazy("l’adresse du contact"),
    "source": gettext_lazy("la source"),
    "source_url": gettext_lazy("l’adresse de la source"),
    "ip_note": gettext_lazy("la note de propriété intellectuelle"),
    "personal_data": gettext_lazy("la note sur les données personnelles"),
    "closure_note": gettext_lazy("les précisions sur l’accès réservé"),
    "inspire": gettext_lazy("la description INSPIRE"),
    "fields": gettext_lazy("les libellés et descriptions des champs"),
    "keywords": gettext_lazy("les mots-clés"),
    "translations": gettext_lazy("les traductions"),
    "custom": gettext_lazy("les autres métadonnées"),
}


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as a screen shows it; every text is in the reader’s language."""

    finding: Finding
    kind: str
    where: str
    confidence: str
    reasons: tuple[str, ...]
    law: str
    amount: str
    decided: bool = False


def finding_view(finding: Finding, *, decided: bool = False) -> FindingView:
    """The finding in words."""
    kind, language = KIND_BY_NAME[finding.kind], get_language() or SOURCE
    name = _(kind.label)
    return FindingView(
        finding,
        name[:1].upper() + name[1:],
        _where(finding),
        str(CONFIDENCE[finding.confidence]),
        tuple(reason.text(language) for reason in finding.reasons),
        _(kind.legal),
        _amount(finding),
        decided,
    )


def _where(finding: Finding) -> str:
    place, _colon, field = finding.column.partition(":")
    if finding.column == "*":
        return _("colonnes « %s » ensemble") % finding.label
    if place == "card":
        return _("dans la fiche : %s") % CARD_FIELDS.get(field, field)
    if place == "file":
        return _("dans le nom du fichier « %s »") % finding.label
    if place == "document":
        return _("dans le document « %s »") % finding.label
    return _("colonne « %s »") % finding.label


def _amount(finding: Finding) -> str:
    if finding.column.startswith(("card:", "document:", "file:")) or not finding.share:
        return ""  # not in cells: on the card, in a document, in a header
    share = number(max(0.1, round(finding.share * 100, 1)))
    template = (
        ngettext("%(count)s ligne, %(share)s %% des lignes", "%(count)s lignes, %(share)s %% des lignes", finding.count)
        if finding.column == "*" and finding.kind != "small"  # which counts cells in several columns
        else ngettext(
            "%(count)s cellule, %(share)s %% des remplies",
            "%(count)s cellules, %(share)s %% des remplies",
            finding.count,
        )
    )
    return template % {"count": number(finding.count), "share": share}


def finding_views(
    findings: Sequence[Finding], undecided: Sequence[Finding]
) -> tuple[list[FindingView], list[FindingView], list[FindingView]]:
    """What waits for a decision, what was decided, and what is only shown."""
    waiting = {finding.key for finding in undecided}
    blocking = [finding for finding in findings if finding.blocks]
    return (
        [finding_view(finding) for finding in blocking if finding.key in waiting],
        [finding_view(finding, decided=True) for finding in blocking if finding.key not in waiting],
        [finding_view(finding) for finding in findings if not finding.blocks],
    )


def ground_label(decision: Decision) -> Any:
    """The ground of a decision in words."""
    row = GROUND_BY_SLUG.get(decision.ground)
    return row.label if row else decision.ground


def decision_subjects(decision: Decision) -> list[str]:
    """What a decision is about, in a few words each."""
    findings = [Finding.from_dict(row) for row in decision.findings]
    subjects = [f"{one.kind} – {one.where}" for one in map(finding_view, findings)]
    return [*subjects, _("ouverture à tous de données réservées")] if decision.opening else subjects
