"""Words of headers: abbreviations, and words that mean the same in the tables of local authorities. Rows to add to."""

from __future__ import annotations

import re
from functools import lru_cache

from parvis.core.text import fold

ABBREVIATIONS: dict[str, str] = {
    "nb": "nombre", "nbre": "nombre", "nbr": "nombre", "num": "numero", "n": "identifiant numero", "no": "numero", "tel": "telephone", "cp": "code postal",
    "dep": "departement", "dept": "departement", "dpt": "departement", "com": "commune", "adr": "adresse", "lib": "libelle",
    "denom": "denomination", "coll": "collectivite", "attrib": "attributaire", "benef": "beneficiaire", "sub": "subvention",
    "notif": "notification", "ref": "reference", "ue": "union europeenne", "eu": "union europeenne", "desc": "description", "qte": "quantite",
    "long": "longitude", "lon": "longitude", "lng": "longitude", "lat": "latitude", "coord": "coordonnees", "obj": "objet",
    "maj": "mise jour", "der": "derniere", "deb": "debut", "nom": "nom", "mail": "courriel", "email": "courriel", "geom": "geometrie",
    "pmr": "accessibilite pmr", "cb": "carte bancaire", "pct": "pourcentage", "delib": "deliberation", "pref": "prefecture",
    "insee": "insee", "codgeo": "code insee", "depcom": "code insee", "surf": "surface", "cap": "capacite", "ville": "commune",
    "id": "identifiant",  "url": "lien", "web": "lien", "site": "site", "rae": "repertoire aides entreprises",
    "occurences": "occurrences", "prestataire": "titulaire",
}  # fmt: skip
"""Short word → words it stands for."""

SAME: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "attribuant collectivite attribuante financeur",
        "beneficiaire attributaire association organisme",
        "convention acte decision",
        "identifiant identification siret",
        "libelle denomination intitule",
        "versement paiement",
        "nature type",
        "commune municipalite",
        "capacite places",
        "occurrences occurrence effectif nombre",
        "prenom prenoms",
        "enfant nouveau nouveaux",
        "commission union",
        "europeenne europe",
        "telephone portable",
        "courriel electronique",
        "date jour",
        "amenageur proprietaire",
        "operateur exploitant",
        "position emplacement",
        "source origine",
    )
)
"""Words that stand for one another in headers."""

EMPTY = frozenset(
    [
        "le",
        "la",
        "les",
        "l",
        "de",
        "du",
        "des",
        "d",
        "un",
        "une",
        "et",
        "ou",
        "a",
        "au",
        "aux",
        "en",
        "sur",
        "pour",
        "par",
        "the",
        "of",
        "sa",
        "son",
        "est",
        "dans",
        "l",
        "il",
        "la",
    ]
)
"""Words that say nothing."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[a-z]+|[0-9]+")
_GROUP = {word: rank for rank, words in enumerate(SAME) for word in words}


@lru_cache(maxsize=20_000)
def words_of(text: str) -> dict[str, str]:
    """The telling words of a header or a title: camelCase and signs split, folded, abbreviations written out.

    Each is given under one form for all its synonyms, with the word that was read.
    """
    plain = _WORD.findall(fold(_CAMEL.sub(" ", text)))
    spelt = [word for short in plain for word in ABBREVIATIONS.get(short, short).split()]
    word_by_form: dict[str, str] = {}
    for word in spelt:
        if word not in EMPTY:
            bare = _singular(word)
            word_by_form.setdefault(f"={_GROUP[bare]}" if bare in _GROUP else bare, word)
    return word_by_form


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and word not in _GROUP else word
