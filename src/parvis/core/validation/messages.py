"""A fault told to a person: what was found, what was expected, how to mend it, with the very value when one can be proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from parvis.core.readings.model import Candidate, Certainty
from parvis.core.readings.wanting import best_candidates
from parvis.core.readings.words import MOST_COMPARED, closest, key
from parvis.core.schemas.model import TableSchema
from parvis.core.text import cut_label
from parvis.core.validation.filling import details_of, said, short
from parvis.core.validation.judging import known_judge
from parvis.core.validation.model import Advice, Fault
from parvis.core.validation.patterns import SlowPattern
from parvis.core.validation.wordings import ADVICE, LOST_EN, LOST_FR, WORDINGS, Wording

_TYPOGRAPHY = (
    ("« ", "«\u00a0"),
    (" »", "\u00a0»"),
    (" :", "\u00a0:"),
    (" ;", "\u202f;"),
    (" ?", "\u202f?"),
    (" !", "\u202f!"),
)
_REPLACED = ("type", "constraint", "check")
"""Rules of which the value found may be written otherwise."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A fault in words: a short title, what was found and expected, how to mend it, and the values proposed, best first."""

    title: str
    found: str
    mend: str
    candidates: tuple[Candidate, ...] = ()


class _Details(dict[str, object]):
    """A missing detail must never hide the fault itself."""

    def __missing__(self, name: str) -> str:
        return "?"


@cache
def _typeset(template: str) -> str:
    """The non-breaking spaces that French wants."""
    for plain, set_ in _TYPOGRAPHY:
        template = template.replace(plain, set_)
    return template


def wording_of(rule: str) -> Wording:
    """The row of a rule, else of the part before its last colon; that of ``constraint`` when nothing is known of it."""
    while rule:
        if rule in WORDINGS:
            return WORDINGS[rule]
        rule = rule.rpartition(":")[0]
    return WORDINGS["constraint"]


def title(rule: str, language: str = "fr") -> str:
    """A few words that name a rule: « Date mal écrite »."""
    row = wording_of(rule)
    return _typeset(row.title_fr) if language.startswith("fr") else row.title_en


def explain(fault: Fault, schema: TableSchema, language: str = "fr", *, columns: Sequence[str] = ()) -> Explanation:
    """The fault in ``language`` (``fr``, anything else is English); ``columns``, the labels of the file, let a missing
    column be recognised under a close name."""
    french = language.startswith("fr")
    row = wording_of(fault.rule)
    details = _Details(details_of(fault, schema, french))
    advised = WORDINGS["check:siret"] if details["siren"] else row
    candidates = proposals(fault, schema)
    if candidates and candidates[0].certainty is Certainty.LOST:
        details.update({"siret": "", "siren_why": "", "pattern": ""})
    found = _filled(row.fr if french else row.en, details, french)
    mend = (
        _proposed(candidates, french)
        or (_renamed(fault, columns, schema, french) if fault.rule == "header:missing-label" else "")
        or _filled(advised.how_fr if french else advised.how_en, details, french)
    )
    return Explanation(title(fault.rule, language), found, mend, candidates)


def sentence(fault: Fault, schema: TableSchema, language: str = "fr", *, columns: Sequence[str] = ()) -> str:
    """What was found, what was expected and how to mend it, in one text."""
    told = explain(fault, schema, language, columns=columns)
    return f"{told.found} {told.mend}".strip()


def proposals(fault: Fault, schema: TableSchema) -> tuple[Candidate, ...]:
    """How the faulty cell could be written, best first; never a value made up."""
    item = schema.find(fault.column) if fault.column else None
    if item is None or not fault.value or fault.rule.partition(":")[0] not in _REPLACED:
        return ()
    try:
        return best_candidates(fault.value, item, schema, known_judge(item, schema).accepts)
    except SlowPattern:  # the fault is told all the same
        return ()


def advice_sentence(advice: Advice, language: str = "fr") -> str:
    """Something to know that makes no fault, in words."""
    french = language.startswith("fr")
    fr, en = ADVICE.get(advice.code, ("{code}", "{code}"))
    details = _Details(code=advice.code)
    details.update({name: _listed(value, french) for name, value in advice.details.items()})
    return _filled(fr if french else en, details, french)


def _listed(value: object, french: bool) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(said(french, _typeset(f"« {short(item)} »"), f"“{short(item)}”") for item in value)
    return short(value)


def _filled(template: str, details: _Details, french: bool) -> str:
    return (_typeset(template) if french else template).format_map(details)


def _proposed(candidates: Sequence[Candidate], french: bool) -> str:
    if not candidates:
        return ""
    first = candidates[0]
    if first.certainty is Certainty.LOST:
        return said(french, _typeset(LOST_FR), LOST_EN)
    if first.after == "":
        return said(french, "Laissez la cellule vide.", "Leave the cell empty.")
    if len(candidates) > 1:
        listed = [short(candidate.after) for candidate in candidates]
        last = said(french, " ou ", " or ")
        joined = ", ".join(listed[:-1]) + last + listed[-1]
        return said(
            french,
            f"Vouliez-vous {joined}\u202f? Vous seul pouvez le dire.",
            f"Did you mean {joined}? Only you can tell.",
        )
    return said(french, f"Vouliez-vous {short(first.after)}\u202f?", f"Did you mean {short(first.after)}?")


def _renamed(fault: Fault, columns: Sequence[str], schema: TableSchema, french: bool) -> str:
    """The column of the file that has the missing name but for its case or signs, or nearly so."""
    names = set(schema.field_names)
    others = [cut_label(label) for label in columns if label.strip() and label.strip() not in names]
    wanted = key(cut_label(fault.column or ""))
    same = next((label for label in others if key(label) == wanted), "")
    if not same and wanted and len(others) * len(names) <= MOST_COMPARED:
        same = closest(wanted, others)
    if not same:
        return ""
    return said(
        french,
        _typeset(f"Est-ce la colonne « {short(same)} » ? Si oui, renommez-la."),
        f"Is it column “{short(same)}”? If so, rename it.",
    )
