"""French names of places after « de » and « à »: contraction with « le », « les », elision before a vowel."""

from __future__ import annotations

from parvis.core.text import fold

ASPIRATED = ("hagu", "hal", "ham", "hem", "haut", "haye", "hoch", "hom", "hous", "hoh")
"""Beginnings of names whose h forbids elision (« de Ham », « de Haguenau »): names from Germanic languages, and « haut »."""


def of(name: str) -> str:
    """« de Lieusaint », « d’Évry-Courcouronnes », « du Coudray-Montceaux », « des Ulis », « de La Norville », « de L’Haÿ »."""
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
    if folded.startswith("y"):
        return folded[1:2] not in ("o", "u")
    if folded.startswith("h"):
        return not folded.startswith(ASPIRATED)
    return folded[:1] in tuple("aeiou")
