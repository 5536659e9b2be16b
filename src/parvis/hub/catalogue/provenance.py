"""Where figures of a dataset come from, in words: what each trail card tells after the value itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.ui.formatting import day, instant, number
from parvis.hub.ui.trail import Pairs, SharedTrail, Trail

SHARED = "provenance"
"""Name of the ``SharedTrail`` of a page whose figures are all of one version, or all of the catalogue."""


def provenance(dataset: Dataset, version: Version, question: str = "") -> Pairs:
    """Date, dataset, version, source file, question, checks: the facts of a card, in their order."""
    return provenance_of([(dataset, version)], question, data_date(dataset) or version.created)


def provenance_of(sources: Sequence[tuple[Dataset, Version]], question: str, when: date | None) -> Pairs:
    """The same of what comes from several datasets, of the data of that day."""
    facts = (
        (_("Date"), day(when) if when else ""),
        (_("Jeu de données"), " · ".join(dataset.title for dataset, _version in sources)),
        (_("Version"), " · ".join(version_words(version) for _dataset, version in sources)),
        (_("Fichier source"), " · ".join(version.original for _dataset, version in sources if version.original)),
        (_("Requête"), question),
        (_("Contrôles"), " · ".join(checks_words(version) for _dataset, version in sources)),
    )
    return tuple(fact for fact in facts if fact[1])


class Dated(Protocol):
    """What tells the day of the data: a dataset, or a row with these two columns."""

    as_told: Any
    data_modified: datetime | None


def data_date(dataset: Dated) -> date | None:
    """The day its data is of: the one that came with it, as long as no other version came since, else that of its publication here."""
    metadata = dataset.as_told.get("default", {})
    text = metadata.get("data_dated") or metadata.get("modified")
    moment = datetime.fromisoformat(text) if text else dataset.data_modified
    if moment is None:
        return None
    return timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()


def ways_back(dataset: Dataset, rows_address: str) -> Pairs:
    """The links of a card: the rows, what was checked of them, how to cite."""
    return ((_("Voir les lignes"), rows_address), *checks_and_citation(dataset))


def checks_and_citation(dataset: Dataset) -> Pairs:
    """What was checked of a dataset, how to cite it: links that all its figures share."""
    base = dataset.get_absolute_url()
    return (
        (_("Voir les contrôles"), f"{base}quality/"),
        (_("Citer ce chiffre"), f"{base}information/#citer"),
    )


def shared_provenance(dataset: Dataset, version: Version) -> SharedTrail:
    """What every figure measured on one version has in common."""
    return SharedTrail(SHARED, _("Voir les lignes"), provenance(dataset, version), checks_and_citation(dataset))


def shared_of_catalogue() -> SharedTrail:
    """What every figure counted over the catalogue has in common."""
    facts = ((_("Date"), day(timezone.now())), (_("Source"), _("catalogue de ce portail")))
    return SharedTrail(SHARED, _("Voir ce qui est compté"), facts)


def counted(text: str, address: str, query: str) -> Trail:
    """A figure counted over the catalogue; ``address`` lists what was counted, its page has the ``shared_of_catalogue``."""
    return Trail(text, address, ((_("Valeur"), text), (_("Requête"), query)), base=SHARED)


def version_words(version: Version) -> str:
    """« 3 mars 2026 à 10:22, 1 294 lignes »."""
    rows = ngettext("%(count)s ligne", "%(count)s lignes", version.rows) % {"count": number(version.rows)}
    return f"{instant(version.created)}, {rows}"


def checks_words(version: Version) -> str:
    """What the import set aside: « aucune ligne rejetée, 2 lignes autour du tableau, 3 valeurs effacées »."""
    rejects = (
        ngettext("%(count)s ligne rejetée", "%(count)s lignes rejetées", version.refused)
        % {"count": number(version.refused)}
        if version.refused
        else _("aucune ligne rejetée")
    )
    nulled = (
        ngettext("%(count)s valeur effacée", "%(count)s valeurs effacées", version.nulled)
        % {"count": number(version.nulled)}
        if version.nulled
        else _("aucune valeur effacée")
    )
    aside = ngettext("%(count)s ligne autour du tableau", "%(count)s lignes autour du tableau", version.aside)
    return ", ".join([rejects, *([aside % {"count": number(version.aside)}] if version.aside else []), nulled])
