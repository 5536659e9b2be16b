"""French names after « de » and « à »: contraction with « le », « les », elision before a vowel, articles that a name does not show."""

from __future__ import annotations

from parvis.core.text import fold

ASPIRATED = ("hagu", "hal", "ham", "hem", "haut", "haye", "hoch", "hom", "hous", "hoh")
"""Beginnings of names whose h forbids elision (« de Ham », « de Haguenau »): names from Germanic languages, and « haut »."""

_AGENCIES = frozenset(
    (
        "ademe",
        "anah",
        "anct",
        "anfr",
        "anses",
        "arcep",
        "arcom",
        "ars",
        "asn",
        "ign",
        "inpi",
        "insee",
        "inserm",
        "oms",
        "onf",
        "ofb",
        "urssaf",
    )
)
"""Acronyms that are said with an article: « de l’Arcep »."""
_OF_DEPARTMENTS = {
    "de l’": "Ain|Aisne|Allier|Ardèche|Ariège|Aude|Aveyron|Essonne|Eure|Hérault|Indre|Isère|Oise|Orne|Yonne",
    "du ": "Bas-Rhin|Calvados|Cantal|Doubs|Finistère|Gard|Gers|Haut-Rhin|Loiret|Lot-et-Garonne|Morbihan|Pas-de-Calais|Puy-de-Dôme"
    "|Rhône|Tarn|Tarn-et-Garonne|Val-d’Oise|Val-de-Marne|Territoire de Belfort|Grand Est",
    "de la ": "Charente|Charente-Maritime|Corrèze|Côte-d’Or|Dordogne|Drôme|Gironde|Haute-Corse|Haute-Garonne|Haute-Loire|Haute-Marne"
    "|Haute-Saône|Haute-Savoie|Haute-Vienne|Loire-Atlantique|Lozère|Mayenne|Moselle|Nièvre|Sarthe|Savoie|Seine-Maritime"
    "|Seine-Saint-Denis|Somme|Vendée|Nouvelle-Aquitaine|Réunion|Guadeloupe|Martinique",
    "des ": "Alpes-de-Haute-Provence|Alpes-Maritimes|Ardennes|Bouches-du-Rhône|Côtes-d’Armor|Deux-Sèvres|Hautes-Alpes"
    "|Hautes-Pyrénées|Hauts-de-Seine|Landes|Pyrénées-Atlantiques|Pyrénées-Orientales|Vosges|Yvelines|Hauts-de-France"
    "|Pays de la Loire",
}
"""Departments and regions that are said with an article, without those that are communes too (Vienne, Marne)."""
_OF = {fold(name): article for article, names in _OF_DEPARTMENTS.items() for name in names.split("|")}


def of(name: str) -> str:
    """« de Lieusaint », « de l’Arcep », « de l’Essonne », « d’Évry-Courcouronnes », « du Coudray-Montceaux », « des Ulis », « de La Norville », « de L’Haÿ »."""
    if fold(name) in _AGENCIES:
        return f"de l’{name}"
    if fold(name) in _OF:
        return _OF[fold(name)] + name
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d’{name}" if elides(name) else f"de {name}"


def at(name: str) -> str:
    """« à Lieusaint », « au Coudray-Montceaux », « aux Ulis », « à La Norville »."""
    for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"à {name}"


def elides(name: str) -> bool:
    """Whether « de » loses its vowel before the name."""
    folded = fold(name)
    if len(folded) < 2:
        return False  # a line, a class: « celle de A »
    if folded in ("oui", "onze", "onzieme"):
        return False
    if folded.startswith("y"):
        return folded[1:2] not in ("o", "u")
    if folded.startswith("h"):
        return not folded.startswith(ASPIRATED)
    return folded[:1] in tuple("aeiou")
