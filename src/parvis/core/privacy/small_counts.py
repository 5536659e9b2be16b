"""Small cells: counts of a few persons, by sex, age, benefit… in a small territory, where a neighbour can tell who they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parvis.core.columns import ColumnType
from parvis.core.official_codes import IRIS
from parvis.core.privacy.column_samples import ColumnSample
from parvis.core.privacy.model import Confidence, Finding
from parvis.core.privacy.tables import Table
from parvis.core.profiling.detectors.geography import number
from parvis.core.staging import ROWS, Workspace, quote_identifier
from parvis.core.translation import Sentence, gettext_noop


@dataclass(frozen=True, slots=True)
class Secrecy:
    """A rule of statistical secrecy: what the headers of counts or of what crosses them say, and the least count that is shown."""

    name: str
    pattern: str
    under: int
    good: tuple[str, ...] = ()


SECRECIES = (
    Secrecy("income", r"fisca|impos|revenu|pauvre|niveau_de_vie|filosofi|menages_\w*imp", 11, ("nb_foyers_fiscaux", "menages_pauvres")),
    Secrecy("health", r"patient|malad|patholog|hospitali|(?:^|_)ald(?:_|$)|affection|(?:^|_)ivg(?:_|$)|suicid|vaccin|diagnos|cas_(?:positif|confirme)", 11, ("nb_patients",)),
    Secrecy("persons", r"", 5, ("effectif", "nb_allocataires_rsa")),
)  # fmt: skip
"""The first whose pattern is in a header of the table counts: 11 for taxes (INSEE, DGFiP) and health (CNAM, hospitals), 5 for
benefits, employment and other persons (CNAF, MSA, France Travail, ministries)."""
SHOWN_UNDER = 11
"""Counts smaller than this are shown in any case: another source than the one guessed may ask for it."""

_THINGS = re.compile(
    r"(?:^|_)(?:places?|stationnements?|parkings?|toilettes|sanitaires|chambres?|logements?|sieges?|equipements?|emplacements?|vehicules?|bornes?"
    r"|arrets?|structures?|etablissements?|services?|ascenseurs?|lits?|clubs?|sections?|ecoles?|postes?|heures?|jours?|montants?|euros?|prix|depenses?"
    r"|siren|siret|depots?|taux|tx|parts?|pct|pourcent\w*|indices?|ratio|moyennes?|mediane?|ages?|annees?|rang|codes?|num(?:ero)?s?|id|zones?|surfaces?|velos?|emplois|offres?"
    r"|pharmacies|medecins|infirmiers|classes|capacites?|tranches?|notes?|scores?|prets?|repas|voix|suffrages|bureaux|numbers?)(?:_|$)"
)
_PERSONS = (
    r"personnes?|habitants?|hommes?|femmes?|garcons?|filles?|eleves?|enfants?|agents?|salaries|beneficiaires?|allocataires?|assures?|licencies|adherents"
    r"|patients?|usagers?|menages?|foyers?|chomeurs?|demandeurs?|victimes?|detenus?|etrangers?|immigres?|handicapes?|residents?|seniors?|jeunes|actifs?"
    r"|retraites|etudiants?|apprentis?|stagiaires?|inscrits_(?:a_)?(?:france_travail|pole_emploi)|malades?|deces|naissances|individus?|ind|pop|population"
    r"|pers|benef|titulaires|expuls\w+|suicides?|ivg|hospitalis\w+|condamnes?|mis_en_cause|sans_abri"
)
_COUNTS_PERSONS = re.compile(
    rf"(?:^|_)(?:nb|nbre|nombres?|effectifs?|eff|total|dont|pop|population)_(?:.*_)?(?:{_PERSONS})|^(?:{_PERSONS})(?:_|$)|^(?:deces|naiss)d?\d+$|^nbpers|^(?:rsa|aah|aeeh|apa|pch|ass|css|cmuc?|ppa)$"
)
_COUNTS = re.compile(
    r"^(?:effectifs?|eff|nb|nbre|nombres?|population|pop|count|total|valeurs?|obs_value|freq\w*)(?:_|$|\d)|^n$|_(?:effectifs?|eff|nb|nbre|nombre)$"
)
_NUMBERS = re.compile(
    r"^(?:nb|nbre|nombres?|effectifs?|eff|population|pop|deces|naissances|beneficiaires|allocataires|licencies|habitants|eleves)(?:_|\d|$)"
)
"""Headers of numbers of persons that are no amounts (« retraites »)."""
_SENSITIVE = re.compile(
    r"allocataire|handicap|victime|malade|patholog|cas_(?:positifs?|confirmes?)|demandeurs?_(?:d_)?(?:asile|emploi)|chomeur|expulsion|suicide|(?:^|_)ivg(?:_|$)"
    r"|hospitalis|condamn|delinquan|violences?|pauvre|sans_abri|detenu|etranger|immigr|nationalit"
    r"|(?:^|_)(?:rsa|aah|aeeh|apa|apl|pch|css|cmuc?|aspa|gir|defm|detld)(?:_|\d|$)"
)
_SEX = re.compile(r"(?:^|_)(?:h|f|hommes?|femmes?|garcons?|filles?|masculins?|feminins?|popf|poph)(?:_|\d|$)")
_AGE = re.compile(
    r"(?:^|_|[a-z])\d{1,2}_(?:a_)?\d{1,2}(?:_|$)|\d{2}_(?:ans|et_plus|plus|p)(?:_|$)|moins_de_\d+|_ans(?:_|$)"
)
_IRIS = re.compile(IRIS)
_DAYS = 20
"""Rows of more days than these are events (accidents, interventions), one by one: they cross no territory."""
_HOUSEHOLD = 30
"""Persons that no household has."""
_AGAIN = 1.5
"""Rows for each place, on average, from which a table crosses its places with something else."""
TRAITS = frozenset({"sex", "age", "job", "family", "sensitive", "origin"})
"""Roles of what crosses counts of persons."""
_MOST_TRAITS = {"sex": 4, "age": 130}
_MOST_CODES = 250
"""Values of a trait told by a number: more are counts."""
_LABELS = 4
"""Columns whose label is in a finding about several."""


def small_counts(workspace: Workspace, table: Table) -> list[Finding]:
    """The columns that count persons and hold counts from 1 up to what secrecy shows, in one finding.

    Likely where a neighbour could tell who is counted: a sensitive matter in a commune or less, or two traits of persons (sex,
    age, diploma…) in less than a commune. Possible otherwise.
    """
    filled = [mass for mass in table.masses if mass.filled]
    crossing = [mass for mass in filled if mass.roles & TRAITS and not (_is_whole(mass) and _counts(mass))]
    counts = [mass for mass in filled if mass not in crossing and _counts_persons(mass, crossing)]
    if not counts or table.of_persons:
        return []
    place = _place(filled)
    under = _under(mass.name for mass in (*counts, *crossing))
    telling = [mass for mass in counts if _is_telling(mass, crossing, place, table)]
    for columns, least, sure in ((telling, under, Confidence.LIKELY), (counts, SHOWN_UNDER, Confidence.POSSIBLE)):
        small = _small(workspace, columns, least)
        if small:
            return [_finding(small, least, sure)]
    return []


def counts_persons(table: Table) -> bool:
    """Whether a column holds numbers of persons beyond what a household has: then a row is no person."""
    return any(
        _NUMBERS.search(mass.name) and _counts_persons(mass, (mass,)) and _largest(mass) > _HOUSEHOLD
        for mass in table.masses
    )


def _largest(mass: ColumnSample) -> int:
    whole = (match[1] for value in mass.values if (match := _WHOLE.fullmatch(value)))
    return max((int(re.sub(r"\D", "", digits)) for digits in whole), default=0)


def _counts(mass: ColumnSample) -> bool:
    """Whether whole numbers count what their header tells (« Sexe : Femmes ») rather than cross it: it says so, or they are too many."""
    most = next((most for role, most in _MOST_TRAITS.items() if role in mass.roles), _MOST_CODES)
    return _says_count(mass.name) or len(mass.values) > most


def _says_count(name: str) -> bool:
    return bool(_COUNTS.search(name) or _COUNTS_PERSONS.search(name))


def _counts_persons(mass: ColumnSample, crossing: Sequence[ColumnSample]) -> bool:
    """Whether whole numbers of persons are in the column: its header says so, or it counts what sex, age… cross."""
    name = mass.name
    if _THINGS.search(name) or not _is_whole(mass):
        return False
    if _COUNTS_PERSONS.search(name) or (_SEX.search(name) and _AGE.search(name)):
        return True
    return bool(_COUNTS.search(name)) and bool(crossing or _SEX.search(name) or _SENSITIVE.search(name))


def _is_whole(mass: ColumnSample) -> bool:
    """Whether the values are whole numbers, but for short marks of what the producer hides; flags (0 and 1) count nobody."""
    if mass.type not in (ColumnType.INT, ColumnType.DOUBLE, ColumnType.TEXT):
        return False
    values = list(mass.values)[:500]
    whole = {match[1] for value in values if (match := _WHOLE.fullmatch(value))}
    others = [value for value in values if not _WHOLE.fullmatch(value)]
    marks = all(len(value.strip()) <= 5 and not any(c in ".," for c in value) for value in others)
    return marks and len(whole) > len(others) and not whole <= {"0", "1"}


_WHOLE = re.compile(r"\s*(\d{1,3}(?:[ \u00a0\u202f]\d{3})*|\d{1,9})(?:[.,]0+)?\s*")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where counts are: the territory of each row, whether it is less than a commune, whether it comes back from row to row."""

    fine: bool
    again: bool


def _place(masses: Sequence[ColumnSample]) -> _Place | None:
    """The smallest territory told by a column; None when there is none as small as a commune."""
    for fine, role in ((True, "fine_place"), (False, "town")):
        for mass in masses:
            if role in mass.roles and (fine or not _is_of_a_department(mass)):
                is_iris = all(_IRIS.fullmatch(value.strip()) for value in list(mass.values)[:100])
                return _Place(fine or is_iris, mass.sampled >= _AGAIN * len(mass.values))
    return None


def _is_of_a_department(mass: ColumnSample) -> bool:
    """Codes of two or three characters, or of a region: the header is one of communes too (« codgeo »)."""
    return all(len(value.strip()) <= 3 for value in list(mass.values)[:100])


def _is_telling(mass: ColumnSample, crossing: Sequence[ColumnSample], place: _Place | None, table: Table) -> bool:
    if place is None or table.of_officials or any(_has_many_days(one) for one in table.masses):
        return False
    across = [one for one in crossing if len(one.values) > 1] if place.again else []
    if _SENSITIVE.search(mass.name) or any(one.roles & {"sensitive", "origin"} for one in across):
        return True
    traits = {trait for one in across for trait in TRAITS if trait in one.roles}
    traits |= {trait for trait, pattern in (("sex", _SEX), ("age", _AGE)) if pattern.search(mass.name)}
    return place.fine and len(traits) >= 2


def _has_many_days(mass: ColumnSample) -> bool:
    return mass.type in (ColumnType.DATE, ColumnType.DATETIME) and len(mass.values) > _DAYS


def _under(names: Iterable[str]) -> int:
    """The least count that is shown, by the first rule that a header answers."""
    every = tuple(names)
    return next(rule.under for rule in SECRECIES if any(re.search(rule.pattern, name) for name in every))


def _small(workspace: Workspace, masses: Sequence[ColumnSample], under: int) -> list[tuple[ColumnSample, int]]:
    """The columns with cells from 1 to ``under`` - 1, and how many, in one pass over the table."""
    if not masses:
        return []
    cells = (number(quote_identifier(mass.staged)) for mass in masses)
    counted = ", ".join(f"count_if({cell} > 0 AND {cell} < {under})" for cell in cells)
    row = workspace.connection.execute(f"SELECT {counted} FROM {ROWS}").fetchone() or ()
    return [(mass, int(count)) for mass, count in zip(masses, row, strict=True) if count]


def _finding(small: Sequence[tuple[ColumnSample, int]], under: int, sure: Confidence) -> Finding:
    count = sum(cells for _mass, cells in small)
    share = min(1.0, count / max(1, sum(mass.filled for mass, _cells in small)))
    why = Sentence(
        gettext_noop("{count} cellules comptent moins de {threshold} personnes."), {"count": count, "threshold": under}
    )
    first = small[0][0]
    if len(small) == 1:
        return Finding("small", first.name, first.label, sure, count, share, (), (why,))
    label = " + ".join(mass.label for mass, _cells in small[:_LABELS]) + (" + …" if len(small) > _LABELS else "")
    return Finding("small", "*", label, sure, count, share, (), (why,), tuple(mass.name for mass, _cells in small))
