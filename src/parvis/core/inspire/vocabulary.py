"""The closed lists of INSPIRE and of ISO 19115, as rows: addresses are those of the INSPIRE registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parvis.core.metadata import Term
from parvis.core.translation import gettext_noop

REGISTRY: Final = "http://inspire.ec.europa.eu"
THEME_REGISTER: Final = f"{REGISTRY}/theme"
THESAURUS: Final = "GEMET - INSPIRE themes, version 1.0"
THESAURUS_DATE: Final = "2008-06-01"

INTEROPERABILITY: Final = "http://data.europa.eu/eli/reg/2010/1089"
"""The regulation that data of the themes conforms to or not."""
INTEROPERABILITY_TITLE: Final = (
    "Règlement (UE) n° 1089/2010 de la Commission du 23 novembre 2010 portant modalités d’application de la directive "
    "2007/2/CE en ce qui concerne l’interopérabilité des séries et des services de données géographiques"
)
INTEROPERABILITY_DATE: Final = "2010-12-08"

_LIMITS = f"{REGISTRY}/metadata-codelist/LimitationsOnPublicAccess"
NO_LIMIT: Final = "noLimitations"


@dataclass(frozen=True, slots=True)
class Theme(Term):
    """One of the 34 themes, with the topic category that the regulation pairs it with (part D.2), when it does."""

    topic: str = ""


THEMES: Final = tuple(
    Theme(slug, f"{THEME_REGISTER}/{slug}", label, topic)
    for slug, topic, label in (
        ("rs", "", gettext_noop("Référentiels de coordonnées")),
        ("gg", "", gettext_noop("Systèmes de maillage géographique")),
        ("gn", "location", gettext_noop("Dénominations géographiques")),
        ("au", "boundaries", gettext_noop("Unités administratives")),
        ("ad", "location", gettext_noop("Adresses")),
        ("cp", "planningCadastre", gettext_noop("Parcelles cadastrales")),
        ("tn", "transportation", gettext_noop("Réseaux de transport")),
        ("hy", "inlandWaters", gettext_noop("Hydrographie")),
        ("ps", "environment", gettext_noop("Sites protégés")),
        ("el", "elevation", gettext_noop("Altitude")),
        ("lc", "imageryBaseMapsEarthCover", gettext_noop("Occupation des terres")),
        ("oi", "imageryBaseMapsEarthCover", gettext_noop("Ortho-imagerie")),
        ("ge", "geoscientificInformation", gettext_noop("Géologie")),
        ("su", "boundaries", gettext_noop("Unités statistiques")),
        ("bu", "structure", gettext_noop("Bâtiments")),
        ("so", "geoscientificInformation", gettext_noop("Sols")),
        ("lu", "planningCadastre", gettext_noop("Usage des sols")),
        ("hh", "health", gettext_noop("Santé et sécurité des personnes")),
        ("us", "utilitiesCommunication", gettext_noop("Services d’utilité publique et services publics")),
        ("ef", "structure", gettext_noop("Installations de suivi environnemental")),
        ("pf", "structure", gettext_noop("Lieux de production et sites industriels")),
        ("af", "farming", gettext_noop("Installations agricoles et aquacoles")),
        ("pd", "society", gettext_noop("Répartition de la population – démographie")),
        (
            "am",
            "planningCadastre",
            gettext_noop("Zones de gestion, de restriction ou de réglementation et unités de déclaration"),
        ),
        ("nz", "geoscientificInformation", gettext_noop("Zones à risque naturel")),
        ("ac", "climatologyMeteorologyAtmosphere", gettext_noop("Conditions atmosphériques")),
        ("mf", "climatologyMeteorologyAtmosphere", gettext_noop("Caractéristiques géographiques météorologiques")),
        ("of", "oceans", gettext_noop("Caractéristiques géographiques océanographiques")),
        ("sr", "oceans", gettext_noop("Régions maritimes")),
        ("br", "biota", gettext_noop("Régions biogéographiques")),
        ("hb", "biota", gettext_noop("Habitats et biotopes")),
        ("sd", "biota", gettext_noop("Répartition des espèces")),
        ("er", "economy", gettext_noop("Sources d’énergie")),
        ("mr", "economy", gettext_noop("Ressources minérales")),
    )
)
"""The themes of the three annexes of the directive, in their order."""

TOPIC_REGISTER: Final = f"{REGISTRY}/metadata-codelist/TopicCategory"
TOPICS: Final = tuple(
    Term(slug, f"{TOPIC_REGISTER}/{slug}", label)
    for slug, label in (
        ("farming", gettext_noop("Agriculture")),
        ("biota", gettext_noop("Biote")),
        ("boundaries", gettext_noop("Limites")),
        ("climatologyMeteorologyAtmosphere", gettext_noop("Climatologie, météorologie, atmosphère")),
        ("economy", gettext_noop("Économie")),
        ("elevation", gettext_noop("Altitude")),
        ("environment", gettext_noop("Environnement")),
        ("geoscientificInformation", gettext_noop("Informations géoscientifiques")),
        ("health", gettext_noop("Santé")),
        ("imageryBaseMapsEarthCover", gettext_noop("Imagerie, cartes de base, occupation des terres")),
        ("intelligenceMilitary", gettext_noop("Renseignement, secteur militaire")),
        ("inlandWaters", gettext_noop("Eaux intérieures")),
        ("location", gettext_noop("Localisation")),
        ("oceans", gettext_noop("Océans")),
        ("planningCadastre", gettext_noop("Aménagement, cadastre")),
        ("society", gettext_noop("Société")),
        ("structure", gettext_noop("Constructions")),
        ("transportation", gettext_noop("Transport")),
        ("utilitiesCommunication", gettext_noop("Services d’utilité publique, communication")),
    )
)
"""The topic categories of ISO 19115."""

TOPIC_OF_OUR_THEME: Final[Mapping[str, str]] = {
    "administration": "society",
    "agriculture": "farming",
    "economie": "economy",
    "education": "society",
    "energie": "utilitiesCommunication",
    "environnement": "environment",
    "justice": "society",
    "population": "society",
    "sante": "health",
    "technologie": "utilitiesCommunication",
    "territoire": "planningCadastre",
    "transports": "transportation",
}
"""Theme of the card → topic category."""

TYPES: Final = tuple(
    Term(slug, f"{REGISTRY}/metadata-codelist/ResourceType/{slug}", label)
    for slug, label in (
        ("dataset", gettext_noop("série de données")),
        ("series", gettext_noop("ensemble de séries de données")),
    )
)

DEGREES: Final = tuple(
    Term(slug, f"{REGISTRY}/metadata-codelist/DegreeOfConformity/{slug}", label)
    for slug, label in (
        ("conformant", gettext_noop("conforme")),
        ("notConformant", gettext_noop("non conforme")),
        ("notEvaluated", gettext_noop("non évaluée")),
    )
)
"""Whether data conforms to the regulation on interoperability."""

ROLES: Final = tuple(
    Term(slug, f"{REGISTRY}/metadata-codelist/ResponsiblePartyRole/{slug}", label)
    for slug, label in (
        ("resourceProvider", gettext_noop("fournisseur")),
        ("custodian", gettext_noop("gestionnaire")),
        ("owner", gettext_noop("propriétaire")),
        ("user", gettext_noop("utilisateur")),
        ("distributor", gettext_noop("distributeur")),
        ("originator", gettext_noop("commanditaire")),
        ("pointOfContact", gettext_noop("point de contact")),
        ("principalInvestigator", gettext_noop("maître d’œuvre")),
        ("processor", gettext_noop("exécutant")),
        ("publisher", gettext_noop("éditeur")),
        ("author", gettext_noop("auteur")),
    )
)
"""What a responsible party does, by ISO 19115."""

LIMITS: Final = (
    Term(NO_LIMIT, f"{_LIMITS}/{NO_LIMIT}", gettext_noop("Pas de restriction d’accès public")),
    *(
        Term(letter, f"{_LIMITS}/INSPIRE_Directive_Article13_1{letter}", label)
        for letter, label in (
            ("a", gettext_noop("Confidentialité des travaux des autorités publiques (article 13.1.a)")),
            ("b", gettext_noop("Relations internationales, sécurité publique, défense (article 13.1.b)")),
            ("c", gettext_noop("Bonne marche de la justice (article 13.1.c)")),
            ("d", gettext_noop("Secret commercial ou industriel, statistique ou fiscal (article 13.1.d)")),
            ("e", gettext_noop("Droits de propriété intellectuelle (article 13.1.e)")),
            ("f", gettext_noop("Données personnelles (article 13.1.f)")),
            ("g", gettext_noop("Protection de qui a fourni l’information de son plein gré (article 13.1.g)")),
            ("h", gettext_noop("Protection de l’environnement, telles les espèces rares (article 13.1.h)")),
        )
    ),
)
"""Limitations on public access: none, or the cases of article 13(1) of directive 2007/2/EC by their letter."""

THEME_BY_SLUG: Final = {theme.slug: theme for theme in THEMES}
TOPIC_BY_SLUG: Final = {topic.slug: topic for topic in TOPICS}
DEGREE_BY_SLUG: Final = {degree.slug: degree for degree in DEGREES}
ROLE_BY_SLUG: Final = {role.slug: role for role in ROLES}
LIMIT_BY_SLUG: Final = {limit.slug: limit for limit in LIMITS}
TYPE_BY_SLUG: Final = {kind.slug: kind for kind in TYPES}
