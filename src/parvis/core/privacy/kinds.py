"""The kinds of personal data: name, what it is, how grave its publication is, what the law says. Rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonalKind:
    """One kind. ``severity`` goes from 1 (annoying) to 3 (grave); ``legal`` is a hint, not advice."""

    name: str
    fr: str
    en: str
    severity: int
    legal_fr: str
    legal_en: str
    treatments: tuple[str, ...] = ("drop", "mask", "pseudonymise")
    """Names of the transforms that make sense, without their « privacy. », the best first."""


_CRPA = "CRPA L312-1-2 : publication seulement après anonymisation, accord des personnes ou texte qui la prévoit."
_CRPA_EN = "CRPA L312-1-2: published only once nobody can be told, with consent, or when a text provides for it."
_NIR = "Loi 78-17, art. 30 : l’usage du NIR est réservé à des traitements énumérés ; aucune publication ouverte."
_NIR_EN = "Act 78-17, art. 30: the use of the NIR is limited to listed processings; never openly published."
_LIFE = "CRPA L311-6 : protection de la vie privée ; ces mentions sont occultées avant diffusion."
_LIFE_EN = "CRPA L311-6: privacy; such mentions are struck out before release."
_ANON = "Avis 05/2014 du G29 : une donnée est anonyme si personne ne peut être isolé, relié ni déduit."
_ANON_EN = "WP29 opinion 05/2014: data is anonymous when nobody can be singled out, linked or inferred."
_FEW = "Secret statistique : en dessous de 11 unités, un effectif ou un montant est d’ordinaire masqué."
_FEW_EN = "Statistical confidentiality: figures about fewer than 11 units are usually suppressed."

KINDS: tuple[PersonalKind, ...] = (
    PersonalKind("nir", "numéro de sécurité sociale", "social security number", 3, _NIR, _NIR_EN, ("drop", "pseudonymise")),
    PersonalKind("iban", "coordonnées bancaires (IBAN)", "bank account (IBAN)", 3, _LIFE, _LIFE_EN, ("drop", "mask")),
    PersonalKind("email", "adresse électronique de personne", "e-mail address of a person", 2, _CRPA, _CRPA_EN),
    PersonalKind("phone", "téléphone de personne", "telephone of a person", 2, _CRPA, _CRPA_EN),
    PersonalKind("name", "nom de personne", "name of a person", 2, _CRPA, _CRPA_EN),
    PersonalKind("birth", "date de naissance", "date of birth", 2, _CRPA, _CRPA_EN, ("year", "drop", "month")),
    PersonalKind("address", "adresse postale de personne", "postal address of a person", 2, _CRPA, _CRPA_EN, ("drop", "mask")),
    PersonalKind("plate", "plaque d’immatriculation", "licence plate", 2, _CRPA, _CRPA_EN),
    PersonalKind("ip", "adresse IP", "IP address", 2, _CRPA, _CRPA_EN, ("drop", "pseudonymise", "mask")),
    PersonalKind("position", "position précise de personne", "precise position of a person", 2, _ANON, _ANON_EN, ("square", "drop")),
    PersonalKind("text", "mention de personne dans un texte libre", "mention of a person in free text", 2, _LIFE, _LIFE_EN, ("strike", "drop")),
    PersonalKind("group", "croisement qui isole des personnes", "combination that singles people out", 2, _ANON, _ANON_EN, ("suppress",)),
    PersonalKind("unread", "document qui n’a pas pu être lu", "document that could not be read", 1, _LIFE, _LIFE_EN, ()),
    PersonalKind("small", "petits effectifs", "small counts", 1, _FEW, _FEW_EN, ("counts", "drop")),
)  # fmt: skip
"""Every kind; a finding bears the name of one."""

UNREAD = "unread"
KIND_BY_NAME = {kind.name: kind for kind in KINDS}

CONFIDENCE_FR = {"certain": "certain", "likely": "probable", "possible": "possible"}
