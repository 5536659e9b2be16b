"""Acts as datasets: one an organisation, which the SCDL schema ``deliberations`` holds valid, and the votes of all of them, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from parvis.core.elision import of
from parvis.domains.deliberations.models import Act, Assembly
from parvis.domains.deliberations.scdl import COLUMNS, LACKS, SCHEMA, lack_of, rows_of
from parvis.domains.deliberations.selectors import published_acts
from parvis.domains.deliberations.votes import COLUMNS as COUNTED
from parvis.domains.deliberations.votes import counted_rows
from parvis.hub.accounts.selectors import organisations
from parvis.hub.publications.declaration import Examined, Publication
from parvis.hub.registry import DatasetSection

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.records.models import CivicRecord

PREFIX = "deliberations-"
"""Of the identifier of the dataset of an organisation."""
VOTES = f"{PREFIX}votes"

_TYPES = {
    **dict.fromkeys(("COLL_SIRET", "DELIB_ID", "DELIB_MATIERE_CODE", "BUDGET_ANNEE", "PREF_ID"), "text"),
    **dict.fromkeys(("DELIB_DATE", "PREF_DATE"), "date"),
    **dict.fromkeys(("VOTE_EFFECTIF", "VOTE_REEL", "VOTE_POUR", "VOTE_CONTRE", "VOTE_ABSTENTION"), "int"),
}


EXAMINED = Examined(
    ("text@delib_objet",),
    "law",
    "CGCT L2131-1 et R2131-1 : ces objets sont ceux d’actes déjà en ligne, dont les personnes nommées ont été examinées acte par acte.",
)
"""The very words of acts that everybody reads: holding them back again would hide nothing."""


def publications() -> Iterator[Publication]:
    """That of each organisation that has an assembly or acts: it is made once an act of theirs that the schema holds is online."""
    have_any = Q(pk__in=Assembly.objects.values("organisation")) | Q(pk__in=Act.objects.values("organisation"))
    for organisation in organisations().filter(have_any):
        yield Publication(
            dataset_id=f"{PREFIX}{organisation.slug}",
            card=card_of(organisation),
            columns=COLUMNS,
            rows=partial(_rows, organisation.pk),
            owner=partial(_itself, organisation),
            follows=Act,
            concerns=partial(_is_theirs, organisation.pk),
            may_be_emptied=True,
            schema=SCHEMA,
            examined=EXAMINED,
            erased=partial(_withdrawn, organisation.pk),
        )


def _itself(organisation: Organisation) -> Organisation:
    return organisation


def _is_theirs(organisation: int, record: CivicRecord) -> bool:
    return record.organisation_id == organisation


def _rows(organisation: int, day: date) -> Iterator[Sequence[Any]]:
    """The deliberations online, in the order in which they were taken."""
    acts = published_acts().filter(organisation=organisation, kind=Act.Kind.DELIBERATION)
    return rows_of(acts.order_by("date", "rank", "number", "pk").iterator(500))


def _withdrawn(organisation: int) -> datetime | None:
    """When one of their deliberations was last taken away for good."""
    acts = Act.objects.filter(organisation=organisation, kind=Act.Kind.DELIBERATION)
    last: datetime | None = acts.aggregate(last=Max("withdrawn_at"))["last"]
    return last


def card_of(organisation: Organisation) -> dict[str, Any]:
    """The card of the dataset of an organisation."""
    return {
        "title": f"Délibérations : {organisation.name}"[:200],
        "description": (
            f"Les délibérations {of(organisation.name)} mises en ligne sur ce portail : date, numéro, objet, matière, votes, et "
            "l’adresse où lire chacune. Ce jeu se tient à jour de lui-même, dans l’heure. Les arrêtés, décisions et autres actes, "
            "que le schéma ne prévoit pas, sont sur les pages des actes. Le SIRET est celui du premier établissement de l’organisme."
        ),
        "licence": "lov2",
        "frequency": "daily",
        "themes": ["administration"],
        "keywords": ["délibérations", "actes", "votes", "SCDL"],
        "source": "Actes mis en ligne sur ce portail",
        "overrides": {name.lower(): {"type": kind} for name, kind in _TYPES.items()},
    }


COUNTED_CARD = {
    "title": "Votes des délibérations, par matière et par année",
    "description": (
        "Les actes mis en ligne sur ce portail, comptés par organisme, année, nature et matière : combien d’actes, combien dont le "
        "vote est connu, combien adoptés à l’unanimité, les voix pour, contre, les abstentions, et les montants décidés, en euros. Un acte "
        "corrigé par un autre est compté, ses montants ne le sont pas deux fois."
    ),
    "licence": "lov2",
    "frequency": "daily",
    "themes": ["administration"],
    "keywords": ["délibérations", "votes", "actes"],
    "source": "Actes mis en ligne sur ce portail",
    "overrides": {name: {"type": "text"} for name in ("siren", "code_commune", "matiere_code")},
    "fields": {
        "organisme": {"label": "Organisme"},
        "siren": {"label": "SIREN"},
        "code_commune": {"label": "Code de la commune", "description": "De l’organisme, quand il est une commune."},
        "annee": {"label": "Année"},
        "nature": {"label": "Nature", "description": "Délibération, décision, arrêté…"},
        "domaine": {"label": "Domaine", "description": "Premier niveau de la nomenclature des actes."},
        "matiere_code": {"label": "Code de la matière"},
        "matiere": {"label": "Matière", "description": "Second niveau de la nomenclature des actes."},
        "actes": {"label": "Actes"},
        "votes_connus": {"label": "Actes dont le vote est connu"},
        "unanimes": {"label": "Actes adoptés à l’unanimité"},
        "pour": {"label": "Voix pour"},
        "contre": {"label": "Voix contre"},
        "abstentions": {"label": "Abstentions"},
        "depenses": {"label": "Dépenses décidées", "unit": "€"},
        "recettes": {"label": "Recettes et emprunts décidés", "unit": "€"},
    },
}
COUNTED_PUBLICATION = Publication(
    dataset_id=VOTES, card=COUNTED_CARD, columns=COUNTED, rows=counted_rows, follows=Act, may_be_emptied=True
)


def left_out(dataset: Dataset, actor: Actor) -> Mapping[str, Any] | None:
    """How many acts online are not in the dataset of their organisation, and why; None for another dataset, or when all are."""
    slug = dataset.dataset_id.removeprefix(PREFIX)
    if slug in (dataset.dataset_id, "votes"):
        return None
    acts = published_acts().filter(organisation__slug=slug).order_by()
    deliberations = acts.filter(kind=Act.Kind.DELIBERATION)
    counts = Counter(lack_of(act) for act in deliberations.iterator(500))
    counts["kind"] = acts.exclude(kind=Act.Kind.DELIBERATION).count()
    lacks = [(counts[name], LACK_WORDS[name]) for name in LACKS if counts[name]]
    return {"lacks": lacks} if lacks else None


LACK_WORDS = {
    "kind": _("autre acte qu’une délibération"),
    "siret": _("organisme sans numéro SIREN valable"),
    "number": _("numéro manquant"),
    "day": _("date manquante"),
    "matter_code": _("matière de second niveau manquante"),
    "title": _("objet manquant"),
    "organisation": _("organisme sans nom"),
}
LEFT_OUT = DatasetSection("deliberations/left_out.html", left_out)
