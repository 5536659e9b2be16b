"""The kinds of personal data: name, what it is, how grave its publication is, what the law says. Rows."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class PersonalKind:
    """One kind. ``severity`` goes from 1 (annoying) to 3 (grave); ``legal`` is a hint, not advice."""

    name: str
    label: str
    severity: int
    legal: str
    treatments: tuple[str, ...] = ("drop", "mask", "pseudonymise")
    """Names of the transforms that make sense, without their « privacy. », the best first."""


_CRPA = gettext_noop(
    "CRPA L312-1-2 : publication seulement après anonymisation, accord des personnes ou texte qui la prévoit."
)
_NIR = gettext_noop(
    "Loi 78-17, art. 30 : l’usage du NIR est réservé à des traitements énumérés ; aucune publication ouverte."
)
_LIFE = gettext_noop("CRPA L311-6 : protection de la vie privée ; ces mentions sont occultées avant diffusion.")
_ANON = gettext_noop("Avis 05/2014 du G29 : une donnée est anonyme si personne ne peut être isolé, relié ni déduit.")
_FEW = gettext_noop(
    "Secret statistique : un effectif de moins de 5 personnes (11 pour les revenus et la santé) est d’ordinaire masqué."
)

KINDS: tuple[PersonalKind, ...] = (
    PersonalKind("nir", gettext_noop("numéro de sécurité sociale"), 3, _NIR, ("drop", "pseudonymise")),
    PersonalKind("iban", gettext_noop("coordonnées bancaires (IBAN)"), 3, _LIFE, ("drop", "mask")),
    PersonalKind("email", gettext_noop("adresse électronique de personne"), 2, _CRPA),
    PersonalKind("phone", gettext_noop("téléphone de personne"), 2, _CRPA),
    PersonalKind("name", gettext_noop("nom de personne"), 2, _CRPA),
    PersonalKind("birth", gettext_noop("date de naissance"), 2, _CRPA, ("year", "drop", "month")),
    PersonalKind("address", gettext_noop("adresse postale de personne"), 2, _CRPA, ("drop", "mask")),
    PersonalKind("plate", gettext_noop("plaque d’immatriculation"), 2, _CRPA),
    PersonalKind("ip", gettext_noop("adresse IP"), 2, _CRPA, ("drop", "pseudonymise", "mask")),
    PersonalKind("position", gettext_noop("position précise de personne"), 2, _ANON, ("square", "drop")),
    PersonalKind("text", gettext_noop("mention de personne dans un texte libre"), 2, _LIFE, ("strike", "drop")),
    PersonalKind("group", gettext_noop("croisement qui isole des personnes"), 2, _ANON, ("suppress",)),
    PersonalKind("unread", gettext_noop("document qui n’a pas pu être lu"), 1, _LIFE, ()),
    PersonalKind("small", gettext_noop("petits effectifs"), 2, _FEW, ("cells", "gather", "counts", "drop")),
)  # fmt: skip
"""Every kind; a finding has the name of one."""

UNREAD = "unread"
KIND_BY_NAME = {kind.name: kind for kind in KINDS}

CONFIDENCE_FR = {"certain": "certain", "likely": "probable", "possible": "possible"}
