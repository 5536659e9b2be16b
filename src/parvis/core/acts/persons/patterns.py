"""What stands around a name in an act and tells why it is there. Only a bounded number of letters is looked at each time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from parvis.core.privacy.names import is_eponym, is_first_name, is_known_family_name, words_of
from parvis.core.text import fold

_BEFORE: Final = 45
_AFTER: Final = 60
_SAID: Final = 90
_PLACE: Final = re.compile(
    r"(?:\b(?:rue|avenue|av|boulevard|bd|place|pl|chemin|allee|impasse|route|quai|cours|square|passage|esplanade|ecole|college|lycee|creche|salle|stade"
    r"|gymnase|residence|groupe scolaire|espace|centre|maison|mediatheque|bibliotheque|theatre|hopital|clinique|ehpad|foyer|parc|jardin|pont|musee"
    r"|institut|prix|fondation|saint|sainte|st|ste|lotissement|hameau|lieu-dit)s?\.?)(?: (?:de |du |des |d'|la |le |les |l')?[a-z'-]{1,12}\.?){0,2}[ «\"“(]*$"
)
_NOT_A_PLACE: Final = re.compile(r"\b(?:a|par|pour|avec|et|monsieur|madame|m|mme|mlle|mr)\.? *$")
_OFFICE: Final = re.compile(
    r"\b(?:maire|adjointe?(?! (?:technique|administrati|d'animation|territorial|du patrimoine|qualifie))|presidente?|vice-presidente?|conseiller(?:e)?|deputee?|senateur|senatrice|prefete?|sous-prefete?|ministre|tresorier(?:e)?"
    r"|receveur|receveuse|comptable|notaires?|maitre|me|architecte|geometre|huissier|commissaire|avocate?|directeur|directrice|rapporteure?"
    r"|secretaire de seance|secretaire general(?:e)?|gerante?|recteur|inspecteur|inspectrice|capitaine|lieutenant|adjudant|docteur)\b"
)
_OFFICE_AFTER: Final = re.compile(
    r"^\s*[,(–-]?\s*(?:(?:le|la|en qualite de|en tant que|agissant en qualite de|son|sa|notre|nouveau|nouvelle|ancien|ancienne|l'|1er|1ere|\d+ ?e(?:me)?) *)?"
    + _OFFICE.pattern
)
_OFFICE_BEFORE: Final = re.compile(_OFFICE.pattern + r"[^.;\n]{0,22}$")
_PRIVATE: Final = re.compile(
    r"\b(?:nee? le|naissance|domicilie\w*|demeurant|habitant|logee?s?|divorc\w+|veu(?:f|ve)|malad\w+|hospitalis\w+|handicap\w*|invalid\w+|plainte|dossier"
    r"|impaye\w*|dette|creance\w*|rsa|loyer|tutelle|curatelle|secours|aide sociale|aide (?:exceptionnelle|financiere|d'urgence|individuelle)|locataire"
    r"|proprietaire|acquereur|vendeur|indivision|succession|heriti\w+|defunt\w*|decede\w*|concession|arret maladie|radi\w+|expuls\w+|licenci\w+|sanction\w*"
    r"|agent|stagiaire|titularis\w+|avancement|echelon|promotion|recrut\w+|contrat|vacataire|retraite|mutation|disponibilite|conge\w*|demande d\w*|sollicite"
    r"|permis de construire|declaration prealable|parcelle|voisin\w*|famille|enfant\w*|eleve|beneficiaire\w*|usager|victime|rembours\w+|indemni\w+|factures?|appartenant|difficultes|salaires?|temps d'emploi|employee?s?|bail|loue\w*|contentieux|recours|assign\w+)\b"
)
_HOME: Final = re.compile(
    r"^[\s,;:(–-]{1,4}(?:domiciliee?s?|demeurant|habitant|residant|sise?)?[\s,:]{0,2}(?:au |a )?\d{1,4}(?: ?(?:bis|ter|b|t))?,? (?:rue|avenue|av|boulevard|bd|place|chemin"
    r"|allee|impasse|route|rte|quai|cours|square|residence|lotissement|hameau|cite|passage|grande? rue)\b[^;\n(]{2,70}?(?=[;\n().]|, ?(?!\d{5})| (?:pour|afin|est|a|qui|et|d'une?|la somme)\b|$)"
)
_BIRTH: Final = re.compile(
    r"(?i)\b(?:n[ée]{1,2}(?:\(e\)|e)?\s+le|date\s+de\s+naissance|naissance)\s*:?\s*(\d{1,2}(?:er)?[ /.-](?:\d{1,2}|[a-zéûà]+)[ /.-]\d{2,4})"
)
_PAIR: Final = re.compile(
    r"(?<![\w'’-])(?=([A-ZÀ-ÖØ-Þ][\w'’-]+)[ \u00a0\t,]{1,3}((?:(?:de|du|le|la|DE|DU|LE|LA)[ \u00a0])?[A-ZÀ-ÖØ-Þ][\w'’-]+)(?![\w'’-]))"
)
_COMMON: Final = words_of("place_words") | words_of("offices")


def is_called_after(text: str, span: tuple[int, int]) -> bool:
    """Whether a name is that of a street, a school, a hall, which is right before it; or that of a great man without civility."""
    before = fold(text[max(0, span[0] - _BEFORE) : span[0]]).replace("\n", " ")
    words = text[slice(*span)]
    if _PLACE.search(before) and not _NOT_A_PLACE.search(before):
        return not fold(words).startswith(("m.", "mme", "monsieur", "madame", "mlle"))
    return is_eponym(words)


def has_office(text: str, span: tuple[int, int]) -> bool:
    """Whether what somebody is by trade or by election is written next to the name, in the same sentence."""
    before = fold(text[max(0, span[0] - _BEFORE) : span[0]])
    after = fold(text[span[1] : span[1] + _AFTER])
    return bool(_OFFICE_AFTER.search(after) or _OFFICE_BEFORE.search(before)) or fold(
        text[span[0] : span[1]]
    ).startswith(("maitre ", "me "))


def is_private(text: str, span: tuple[int, int]) -> bool:
    """Whether the words around tell of somebody's own affairs."""
    return bool(_PRIVATE.search(fold(text[max(0, span[0] - _SAID) : span[1] + _SAID])))


def names_without_civility(text: str) -> Iterator[tuple[int, int]]:
    """Two words that are a first name and a family name in either order, in capitals or not, as lists and tables have them."""
    last = 0
    for match in _PAIR.finditer(text):
        start, end = match.start(1), match.end(2)
        former, latter = match[1], match[2]
        if start < last or _is_common(former) or _is_common(latter):
            continue
        if (is_first_name(former) and _may_be_a_family_name(latter, former)) or (
            is_first_name(latter) and _may_be_a_family_name(former, latter)
        ):
            last = end
            yield start, end


def _is_common(word: str) -> bool:
    return fold(word) in _COMMON


def _may_be_a_family_name(word: str, first: str) -> bool:
    """Known as one; or in capitals beside a first name that is not."""
    return is_known_family_name(word) or (word.isupper() and len(word) > 2 and not first.isupper())


def beside_names(text: str, ends: Sequence[int]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Addresses right after names, which end at ``ends``; dates of birth anywhere."""
    for end in ends:
        after = text[end : end + 130]
        match = _HOME.search(_folded_alike(after))
        if match:
            start = next(rank for rank, letter in enumerate(after) if letter.isalnum())
            yield "address", (end + start, end + match.end())
    for match in _BIRTH.finditer(text):
        yield "birth", match.span(1)


def _folded_alike(text: str) -> str:
    """Folded, letter for letter."""
    return "".join(bare if len(bare := fold(letter)) == 1 else letter.lower()[:1] or letter for letter in text)
