"""The titles that programs give to columns, in words: « dateNotification », « TYPE_ACCROCHE », « nb_places »."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from parvis.core.elision import elides
from parvis.core.text import fold

_ACCENTS: Mapping[str, str] = {
    fold(word): word
    for word in ["accès", "accessibilité", "activité", "adhésion", "adopté", "âge", "aménagement", "année", "arrêt", "arrêté", "bâtiment", "bénéficiaire", "caractère", "catégorie", "clé", "commencé", "complément", "complémentaire", "comptabilité", "consommé", "coût", "créé", "création", "crédit", "date", "déchet", "décision", "défaut", "dégât", "délai", "délégation", "délibération", "densité", "dénomination", "département", "dépense", "dépôt", "dernière", "désignation", "détail", "développement", "diamètre", "différence", "disponibilité", "domiciliation", "durée", "échéance", "école", "économie", "éclairage", "édition", "effectué", "égalité", "élection", "électeur", "électricité", "élève", "émission", "émetteur", "énergie", "énergétique", "entrée", "épaisseur", "équipement", "espèce", "établissement", "étage", "état", "étude", "événement", "évolution", "exercé", "exprimé", "facturé", "fréquence", "général", "génération", "gérant", "grâce", "hébergement", "hétérogène", "identité", "immatriculé", "implantée", "intérêt", "intitulé", "itinéraire", "kilomètre", "légende", "libellé", "localité", "ludothèque", "majorité", "marché", "matériau", "matériel", "médiathèque", "médiane", "mètre", "métier", "millésime", "modalité", "modèle", "moyenné", "nationalité", "naturalité", "numéro", "observé", "occupé", "opération", "opérateur", "paramètre", "périmètre", "période", "perméable", "phénomène", "pièce", "piéton", "plaie", "planté", "politique", "position", "précision", "prélevé", "prénom", "présence", "prévision", "prévu", "privé", "procédure", "propriétaire", "propriété", "proximité", "qualité", "quantité", "réalisé", "récepteur", "récent", "référence", "région", "réglé", "régularité", "régulière", "renouvelé", "réseau", "réservation", "résidence", "résultat", "résumé", "rémunération", "réponse", "répartition", "salarié", "sécurité", "série", "société", "sélection", "spécialité", "spécifique", "stationnement", "sûreté", "supérieur", "surveillé", "système", "taxé", "télécommunication", "téléphone", "température", "thème", "théorique", "titré", "unité", "utilisé", "validité", "variété", "véhicule", "vélo", "vérifié", "visibilité", "voirie", "capacité", "hauteur", "durée", "décès", "naissance", "trésorerie", "dépenses", "électrique", "début", "circonférence", "ponctualité", "aménageur", "aménagé", "entité", "quartier", "arrivée", "départ", "démarche", "délivré", "dérogation", "éducation", "église", "élu", "émis", "enquête", "été", "exécuté", "fédération", "fermé", "hôpital", "hôtel", "île", "intérieur", "lycée", "maternité", "médecin", "médical", "mobilité", "municipalité", "parité", "pénurie", "phase", "pôle", "pré", "préfecture", "préfet", "présent", "procédé", "production", "publicité", "régional", "républicain", "résidentiel", "rôle", "santé", "scolarité", "sécheresse", "séjour", "tête", "trésor", "université", "urbanisé", "végétal", "véhicules", "zéro", "superficie", "éligible", "raccordé"]
    if fold(word) != word
}  # fmt: skip
"""Usual words that names of columns lose their accents of."""
_SHORT: Mapping[str, str] = {
    "nb": "nombre de",
    "nbr": "nombre de",
    "nbre": "nombre de",
    "num": "numéro",
    "ndeg": "n°",
    "surf": "surface",
    "pop": "population",
    "dep": "département",
    "dept": "département",
    "tx": "taux",
    "lib": "libellé",
    "libelle": "libellé",
    "qte": "quantité",
    "obs": "observation",
    "pct": "%",
    "moy": "moyenne",
    "mt": "montant",
    "typ": "type",
    "pmun": "population municipale",
    "ptot": "population totale",
    "pcap": "population comptée à part",
    "circ": "circonférence",
}
_UNITS = frozenset(
    ("mois", "jours", "ans", "minutes", "heures", "km", "cm", "mm", "ha", "m2", "m3", "kwh", "mwh", "gwh", "%")
)
"""What a name ends with to say what its values are counted in."""
_HEADS = frozenset(
    ("type", "nature", "nom", "date", "classe", "mode", "lieu", "objet", "statut", "etat", "niveau", "conditions", "reference", "categorie",
     "pourcentage", "taux", "duree", "montant", "libelle", "numero", "code", "port", "famille", "annee", "cote", "nombre", "secteur", "forme")
)  # fmt: skip
"""Nouns that « de » follows: « type d’accroche »."""
_ADJECTIVE = re.compile(
    r"(?:al|ale|aux|ales|if|ive|ifs|ives|ique|iques|aire|aires|el|elle|els|elles|eur|eure|ee|ees|able|ables|ant|ante|e?ux|euse)$"
)
_LINKS = frozenset(
    ("de", "du", "des", "d", "l", "la", "le", "les", "en", "par", "pour", "sur", "a", "au", "aux", "et", "ou", "dans")
)
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])")
_ACRONYMS = frozenset(
    (
        "epci",
        "siren",
        "siret",
        "iris",
        "uai",
        "rna",
        "rnb",
        "pmr",
        "ape",
        "naf",
        "ttc",
        "ht",
        "tva",
        "osm",
        "id",
        "gps",
        "dpe",
        "pcaet",
        "irve",
        "rome",
        "insee",
    )
)
_PROPER = frozenset(("europe", "france", "paris"))
_LONGEST_ACRONYM = 3
_LEAST_CAPITALS = 5


def is_written_for_programs(label: str) -> bool:
    """Whether a title was made for programs: words joined, or all in capitals, or in one piece without a capital."""
    if "_" in label or (" " not in label and _CAMEL.search(label)):
        return True
    if fold(label) in _SHORT:
        return True
    if label.isupper():
        return len(label) >= _LEAST_CAPITALS or fold(label) in _ACCENTS or fold(label) in _HEADS
    return (
        label.islower() and label.isascii() and " " not in label and label.isalpha() and len(label) > _LONGEST_ACRONYM
    )


@lru_cache(maxsize=4096)
def in_words(label: str) -> str:
    """The title of a column as people write one; a title that people wrote as it is, but for its spaces."""
    label = " ".join(label.split())
    if not is_written_for_programs(label):
        return label[:1].upper() + label[1:] if label.isalpha() else label
    is_loud = label.isupper()
    pieces = [word for part in re.split(r"[_\s]+", label) if part for word in _CAMEL.split(part)]
    words = [_word(piece, is_loud=is_loud) for piece in pieces]
    unit = ""
    if len(words) > 1 and fold(words[-1]) in _UNITS and fold(words[-2]) not in _LINKS:
        unit = f" ({words.pop()})"
    text = _joined(words) + unit
    return text[:1].upper() + text[1:]


def _word(piece: str, *, is_loud: bool) -> str:
    folded = fold(piece)
    if folded in _SHORT:
        return _SHORT[folded]
    if folded in _PROPER:
        return piece.capitalize()
    if folded in _ACRONYMS:
        return piece.upper()
    single = folded[:-1] if folded.endswith("s") else folded
    if folded in _ACCENTS:
        return _ACCENTS[folded]
    if single in _ACCENTS:
        return _ACCENTS[single] + "s"
    if piece.isupper() and not is_loud:
        return piece  # an acronym among other words
    if is_loud and len(piece) <= _LONGEST_ACRONYM and not _is_word(folded):
        return piece
    return piece.lower() if piece.isascii() else piece[:1].lower() + piece[1:]


def _is_word(folded: str) -> bool:
    return folded in _HEADS or folded in _LINKS or folded in _UNITS


def _joined(words: list[str]) -> str:
    """With « de » after the nouns that it follows, and elisions."""
    text = ""
    for rank, word in enumerate(words):
        after = words[rank + 1] if rank + 1 < len(words) else ""
        text += word
        if not after:
            break
        if word in ("l", "d"):
            text += "’"
        elif word.endswith(" de") and elides(after):
            text = text.removesuffix("e") + "’"
        elif rank == 0 and fold(word) in _HEADS and _takes_of(after):
            text += " d’" if elides(after) else " de "
        else:
            text += " "
    return text


def _takes_of(word: str) -> bool:
    folded = fold(word)
    return (
        folded.isalpha()
        and folded not in _LINKS
        and folded not in _HEADS - {"secteur", "classe", "categorie"}
        and not _ADJECTIVE.search(folded)
    )
