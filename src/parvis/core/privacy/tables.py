"""What a table is about: the columns of names in it, whether its rows are persons, elected, authors, bodies of a register."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from parvis.core.columns import ColumnType
from parvis.core.official_codes import is_siren, is_siret
from parvis.core.privacy.column_samples import ColumnSample
from parvis.core.privacy.names import (
    CIVILITY,
    are_first_names,
    fold,
    is_eponym,
    is_family_name,
    is_first_name,
    is_known_family_name,
    names_a_person,
)
from parvis.core.privacy.values import is_phone

DATED = re.compile(r"^\s*(?:\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}|\d{8}|\d{1,2}(?:er)? [a-zéûA-Z]+\.? \d{4})(?:[ T].*)?$")
"""A whole date, as people and programs write it."""

ENOUGH_OFFICES = 300
"""Offices are few: a column of more values is none of them."""
MANY_ROWS = 500
_MOST_GROUPS = 60
_MANY_BIRTHS = 20
EPONYMS = 0.15
"""From this share of names that streets and schools have, a column of names is one of places."""


@dataclass(frozen=True, slots=True)
class Table:
    """The table around a column: its columns, what it is about, whether its rows are persons."""

    masses: tuple[ColumnSample, ...]
    about: frozenset[str]
    rows: int
    first_names: frozenset[str] = frozenset()
    last_names: frozenset[str] = frozenset()
    full_names: frozenset[str] = frozenset()
    """Staged names of the columns that hold first, family and whole names of persons."""
    personal_column: bool = False
    """A column holds what only persons have: dates of birth, homes, telephones of their own, NIR."""
    bodies_names: frozenset[str] = frozenset()
    """What places and bodies of the table are called, in small letters without signs, as boxes have it."""
    registered: ColumnSample | None = None
    """The column of the SIREN or SIRET of those whom rows are about, when there is one."""

    @property
    def all_registered(self) -> bool:
        """Every row is about a body or a trader of the register of companies."""
        return self.registered is not None and self.registered.filled >= 0.9 * self.rows

    @property
    def of_officials(self) -> bool:
        """Elected persons or candidates."""
        return "officials" in self.about

    @property
    def of_figures(self) -> bool:
        """Authors, artists, figures of history."""
        return "figures" in self.about

    @property
    def of_bodies(self) -> bool:
        """Companies, associations, public places."""
        return "bodies" in self.about

    @property
    def names_persons(self) -> bool:
        """Persons are named in columns of their own."""
        return bool(self.full_names or (self.first_names and self.last_names))

    @property
    def of_persons(self) -> bool:
        """A row seems to be a private person."""
        if self.of_figures or self.of_officials:
            return False
        return self.names_persons or (self.personal_column and "things" not in self.about)


def _has_digits(text: str) -> bool:
    return sum(character.isdigit() for character in text) >= 6


_PERSONAL: dict[str, Callable[[str], bool]] = {
    "birth": lambda text: bool(DATED.match(text) or re.search(r"\b(?:19|20)\d\d\b", text)),
    "own_phone": is_phone,
    "home": lambda text: any(character.isdigit() for character in text),
    "nir": _has_digits,
}
"""Roles that only columns about persons have, and what such a column then holds: headers alone may say something else."""
_DESCRIBES = {"birth", "age", "sex", "civility", "own_phone", "home", "nir", "family", "sensitive", "email", "phone"}
"""Roles of columns that go with persons: beside them a column of family names is one of persons."""


def understand(masses: tuple[ColumnSample, ...], about: frozenset[str], rows: int) -> Table:
    """The table, its columns of names found by header and by values."""
    first = {mass.staged for mass in masses if _is_first_name_column(mass)}
    last = {mass.staged for mass in masses if mass.staged not in first and _is_last_name_column(mass, masses, first)}
    full = {mass.staged for mass in masses if mass.staged not in first | last and _is_full_name_column(mass)}
    named = first | last | full
    if "officials" not in about and (named or _has_boxes(masses)) and _tells_officials(masses):
        about |= {"officials"}
    if last | full and _names_eponyms(masses, last | full):
        about |= {"figures"}
    if any("birth" in mass.roles and mass.staged not in named and _is_of_long_ago(mass) for mass in masses):
        about |= {"figures"}
    registered = max(filter(_registers, masses), key=lambda mass: mass.filled, default=None)
    personal = any(
        role in mass.roles and share_of(mass, holds) >= 0.2 for mass in masses for role, holds in _PERSONAL.items()
    )
    bodies = _names_of_bodies(masses, full) if _has_boxes(masses) else frozenset()
    return Table(masses, about, rows, frozenset(first), frozenset(last), frozenset(full), personal, bodies, registered)


LONG_AGO = 1910
"""Whoever was born before is no longer alive, but for a few."""
_YEAR = re.compile(r"(?<!\d)(1[0-9]\d\d|20\d\d)(?!\d)|(?<=[/.\-])(\d\d)$")


def years_of(mass: ColumnSample) -> list[int]:
    """The years of the whole dates among its first thousand values."""
    years = []
    for value in list(mass.values)[:1000]:
        if not DATED.match(value):
            continue
        match = _YEAR.search(value)
        if match:
            years.append(int(match[1]) if match[1] else 1900 + int(match[2]))
        elif re.fullmatch(r"\d{8}", value.strip()):
            text = value.strip()
            years.append(int(text[:4]) if text[:2] in ("19", "20") else int(text[4:]))
    return years


def _is_of_long_ago(mass: ColumnSample) -> bool:
    """Whether most dates of birth are those of persons of history, and there are many."""
    years = years_of(mass)
    return len(years) >= _MANY_BIRTHS and sum(year < LONG_AGO for year in years) >= 0.5 * len(years)


def _names_of_bodies(masses: Sequence[ColumnSample], full: set[str]) -> frozenset[str]:
    roles = {"town", "place", "named_place", "body"}
    named = (mass for mass in masses if mass.roles & roles and mass.type is ColumnType.TEXT and mass.staged not in full)
    spelt = (re.sub(r"[^a-z]", "", fold(value)) for mass in named for value in mass.values if len(value) <= 80)
    return frozenset(name for name in spelt if len(name) >= 5)


_ELECTED = re.compile(
    r"(?:(?:m\.?|mme|monsieur|madame) (?:le |la )?)?(?:\d+ ?(?:er|ere|e|eme|nd|nde)?|premiere?|deuxieme|troisieme)? ?(?:"
    r"maire(?: .*)?|adjointe?s? (?:au|a la|du) maire\b.*|(?<=[\de] )adjointe?|senat(?:eur|rice)\b.*|deputee?s?\b.*|sous-prefete?"
    r"|conseill(?:er|ere)s? (?:.* )?(?:municipa|communautaire|departementa|regiona|metropolitain|territoria|genera|d.arrondissement|de paris|delegue)\w*.*"
    r"|(?:vice[- ])?presidente? (?:du conseil|du syndicat|de la communaute|de la commission|du departement|de la region|de l.agglo|de la metropole)\b.*"
    r"|deleguee?s? (?:titulaire|suppleante?|communautaire)s?\b.*)"
)
"""What elected persons are, and nobody else (an « adjoint technique » is an agent)."""
_ELECTED_TOO = re.compile(
    r"(?:(?:\d+ ?(?:er|ere|e|eme)?|premiere?) ?)?(?:(?:vice[- ])?presidente?|membre|adjointe?|conseill(?:er|ere)|deleguee?|rapporteure?|suppleante?|titulaire|elue?)\b.*"
)
"""What elected persons are too, beside the former in the same column."""


def _has_boxes(masses: Iterable[ColumnSample]) -> bool:
    """Whether some cell of the table holds an address of e-mail."""
    return any("@" in value for mass in masses for value in (*list(mass.values)[:20], *mass.suspects))


def _tells_officials(masses: Sequence[ColumnSample]) -> bool:
    """Whether the rows are elected persons or candidates: their office in a column, or the constituency beside a name.

    Never in a table that holds homes or other matters of private life.
    """
    roles = [mass.roles for mass in masses if mass.filled]
    if any(one & {"home", "nir", "family", "sensitive", "private_person"} for one in roles):
        return False
    if any(any(judge(mass) for judge in _OFFICIAL) for mass in masses):
        return True
    private = any(one & {"address", "own_phone", "birth"} for one in roles)
    return not private and any("contest" in one for one in roles)


def _repeats_candidates(mass: ColumnSample) -> bool:
    """Whether few candidates come back in many rows: their votes or their sponsors are told; who applies for a post comes once."""
    return "candidate" in mass.roles and mass.sampled >= MANY_ROWS and len(mass.values) <= mass.sampled * 0.02


def _holds_offices(mass: ColumnSample) -> bool:
    if mass.type is not ColumnType.TEXT or not mass.values or len(mass.values) > ENOUGH_OFFICES:
        return False
    offices = {value: fold(value.strip()) for value in mass.values}
    if any(re.search(r"\b(?:jeunes?|enfants?|juniors?|eleves?)\b", office) for office in offices.values()):
        return False  # councils of children
    elected = sum(times for value, times in mass.values.items() if _ELECTED.fullmatch(offices[value]))
    too = sum(
        times
        for value, times in mass.values.items()
        if not _ELECTED.fullmatch(offices[value]) and _ELECTED_TOO.fullmatch(offices[value])
    )
    return elected >= 0.2 * mass.sampled and elected + too >= 0.7 * mass.sampled


_GROUP_NAMES = (
    "ump lr les-republicains rpr udf ps soc src ser soc-a socv gdr gdr-nupes crc crce crce-k com pcf pc pg udi udi-uc udi-i udi_i uc uci lc ni rdse rrdp rtli"
    " lirt rdpi lrem larem rem re renaissance ens epr dem modem mdm lfi fi lfi-nupes lfi-nfp fg ng lt liot lit agir-e horizons hor eelv ecolo eco ecos ecologiste"
    " ecologistes vec rn fn rec udr udr-a dr dlf dvg dvd dvc div dvm exg exd reg ext gen uxd dsv lo npa prg rdg"
)
_GROUPS = frozenset(_GROUP_NAMES.split())
"""Parties, groups of assemblies and shades of the ministry, in small letters with dashes."""
_GROUP_IN_WORDS = re.compile(
    r"(?:les |la |le |groupe )*(?:republicains|republique en marche|socialistes?|communistes?|ecolo(?:giste)?s?|union pour un mouvement populaire|union des democrates"
    r"|union centriste|gauche democrate|radical|non[- ]inscrit|mouvement democrate|horizons|rassemblement (?:national|democratique)|front national"
    r"|france insoumise|nouvelle gauche|libertes?,? independants|democrates?(?: et|,)|centre democrate|ensemble pour la republique|droite republicaine)\b.*"
)
_OF_AN_ASSEMBLY = re.compile(
    r"https?://(?:www2?\.)?(?:assemblee-nationale\.fr|senat\.fr|nosdeputes\.fr|nossenateurs\.fr|europarl\.europa\.eu)/",
    re.IGNORECASE,
)


def _holds_parties(mass: ColumnSample) -> bool:
    """Whether rows tell the political group of whom they are about."""
    if mass.type is not ColumnType.TEXT or not 2 < len(mass.values) <= _MOST_GROUPS:
        return False
    groups = sum(
        times
        for value, times in mass.values.items()
        if "-".join((text := fold(value.strip())).split()) in _GROUPS or _GROUP_IN_WORDS.fullmatch(text)
    )
    return groups >= 0.8 * mass.sampled


def _leads_to_an_assembly(mass: ColumnSample) -> bool:
    """Whether each row has its page at an assembly: a page of someone who sits there."""
    return len(mass.values) > _MOST_GROUPS and share_of(mass, lambda v: bool(_OF_AN_ASSEMBLY.match(v.strip()))) >= 0.9


_OFFICIAL: tuple[Callable[[ColumnSample], bool], ...] = (
    _holds_offices,
    _repeats_candidates,
    _holds_parties,
    _leads_to_an_assembly,
)
"""What says that the rows are about elected persons, whatever the headers."""
_CALLED_AFTER = re.compile(
    r"(?:rue|avenue|av|boulevard|bd|place|square|allee|quai|impasse|chemin|pont|jardin|parc|esplanade|passage|promenade|cours|villa|voie"
    r"|ecole|groupe scolaire|college|lycee|creche|salle|stade|gymnase|piscine|mediatheque|bibliotheque|theatre|espace|centre|maison)\b"
)


def _is_called_after(text: str) -> bool:
    return bool(_CALLED_AFTER.match(fold(text.strip())))


def _names_eponyms(masses: Sequence[ColumnSample], named: set[str]) -> bool:
    """Whether streets, schools or halls of the same table bear the names in it (« rue Marie Curie », Marie, Curie)."""
    places = {
        word
        for mass in masses
        if "named_place" in mass.roles and mass.staged not in named and share_of(mass, _is_called_after) >= 0.5
        for value in mass.values
        for word in re.findall(r"[a-z]{3,}", fold(value))
    }
    for mass in masses:
        if mass.staged in named and len(mass.values) >= 5 and "private_person" not in mass.roles:
            last_words = [re.findall(r"[a-z]{3,}", fold(value))[-1:] for value in list(mass.values)[:500]]
            borne = sum(bool(words) and words[0] in places for words in last_words)
            if places and borne >= 0.6 * len(last_words):
                return True
    return False


def _registers(mass: ColumnSample) -> bool:
    """Whether each row has the SIREN or SIRET (their keys right) of whom it is about; buyers have theirs in each row of any table."""
    if "buyer" in mass.roles or mass.filled < 2:
        return False
    values = [re.sub(r"[\s\u00a0]", "", value) for value in list(mass.values)[:200]]
    right = sum(is_siret(value) or is_siren(value) for value in values)
    return len(values) > 1 and right >= 0.9 * len(values)


def share_of(mass: ColumnSample, test: Callable[[str], bool]) -> float:
    """The part of the distinct values of the sample that pass the test."""
    values = list(mass.values)[:1000]
    return sum(map(test, values)) / len(values) if values else 0.0


def _is_first_name_column(mass: ColumnSample) -> bool:
    if mass.type is not ColumnType.TEXT or "named_place" in mass.roles:
        return False
    if "first_name" in mass.roles:
        return share_of(mass, is_first_name) >= 0.2
    return len(mass.values) >= 8 and share_of(mass, are_first_names) >= 0.85


def _is_last_name_column(mass: ColumnSample, masses: Iterable[ColumnSample], first: set[str]) -> bool:
    if mass.type is not ColumnType.TEXT or mass.roles & {"named_place", "first_name"}:
        return False
    share = share_of(mass, is_family_name)
    if "last_name" in mass.roles:
        described = any(one.roles & _DESCRIBES for one in masses if one is not mass)
        return share >= 0.6 and bool(first or (described and share_of(mass, is_known_family_name) >= 0.4))
    if not first or mass.roles & {"place", "job", "free_text", "civility", "sex", "email"}:
        return False
    return len(mass.values) >= 5 and share >= 0.9 and share_of(mass, is_known_family_name) >= 0.6


def _is_full_name_column(mass: ColumnSample) -> bool:
    is_person_header = "person" in mass.roles
    if mass.type is not ColumnType.TEXT or not (mass.named or is_person_header):
        return False
    share = share_of(mass, lambda v: names_a_person(v) or (is_person_header and _names_persons(v)))
    if share_of(mass, is_eponym) >= EPONYMS and "person" not in mass.roles:
        return False
    if "named_place" in mass.roles and "person" not in mass.roles:
        return share >= 0.9 and len(mass.values) >= 20 and share_of(mass, lambda v: bool(CIVILITY.match(v))) > 0.5
    return share >= (0.25 if is_person_header else 0.4 if "last_name" in mass.roles else 0.6)


def _names_persons(text: str) -> bool:
    """True for one or several persons in a cell, in small letters too; what is in brackets (years of a life) parts them."""
    pieces = [one.strip(" ,") for one in re.split(r"[;/|\n]|\([^)]*\)", text)]
    return any(pieces) and all(names_a_person(one.title()) for one in pieces if one)
