"""A fault told to a person: what was found, what was expected, how to mend it, with the very value when one can be proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.core.readings.field_readings import best_candidates
from parvis.core.readings.model import Candidate, Certainty
from parvis.core.readings.text_values import MOST_COMPARED, closest, key
from parvis.core.schemas.model import TableSchema
from parvis.core.text import cut_label
from parvis.core.translation import gettext_noop, quoted, translate, typeset
from parvis.core.validation.fault_sentences import ADVICE, LOST, WORDINGS, Wording
from parvis.core.validation.field_judge import cached_judge
from parvis.core.validation.model import Advice, Fault
from parvis.core.validation.patterns import SlowPattern
from parvis.core.validation.placeholders import details_of, short

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


def wording_of(rule: str) -> Wording:
    """The row of a rule, else of the part before its last colon; that of ``constraint`` when nothing is known of it."""
    while rule:
        if rule in WORDINGS:
            return WORDINGS[rule]
        rule = rule.rpartition(":")[0]
    return WORDINGS["constraint"]


def title(rule: str, language: str = "fr") -> str:
    """A few words that name a rule: « Format de date incorrect »."""
    return typeset(wording_of(rule).title, language)


def explain(fault: Fault, schema: TableSchema, language: str = "fr", *, columns: Sequence[str] = ()) -> Explanation:
    """The fault in ``language``; ``columns``, the labels of the file, let a missing column be recognised under a close name."""
    row = wording_of(fault.rule)
    details = _Details(details_of(fault, schema, language))
    advised = WORDINGS["check:siret"] if details["siren"] else row
    candidates = proposals(fault, schema)
    if candidates and candidates[0].certainty is Certainty.LOST:
        details.update({"siret": "", "siren_why": "", "pattern": ""})
    description = _filled(row.found, details, language)
    mend = (
        _proposed(candidates, language)
        or (_renamed(fault, columns, schema, language) if fault.rule == "header:missing-label" else "")
        or _filled(advised.how, details, language)
    )
    return Explanation(title(fault.rule, language), description, mend, candidates)


def sentence(fault: Fault, schema: TableSchema, language: str = "fr", *, columns: Sequence[str] = ()) -> str:
    """What was found, what was expected and how to mend it, in one text."""
    explanation = explain(fault, schema, language, columns=columns)
    return f"{explanation.found} {explanation.mend}".strip()


def proposals(fault: Fault, schema: TableSchema) -> tuple[Candidate, ...]:
    """How the faulty cell could be written, best first; never a value made up."""
    item = schema.find(fault.column) if fault.column else None
    if item is None or not fault.value or fault.rule.partition(":")[0] not in _REPLACED:
        return ()
    try:
        return best_candidates(fault.value, item, schema, cached_judge(item, schema).accepts)
    except SlowPattern:  # the fault is told all the same
        return ()


def advice_sentence(advice: Advice, language: str = "fr") -> str:
    """Something to know that makes no fault, in words."""
    details = _Details(code=advice.code)
    details.update({name: _listed(value, language) for name, value in advice.details.items()})
    return _filled(ADVICE.get(advice.code, "{code}"), details, language)


def _listed(value: object, language: str) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(quoted(short(item), language) for item in value)
    return short(value)


def _filled(template: str, details: _Details, language: str) -> str:
    return typeset(template, language).format_map(details)


def _proposed(candidates: Sequence[Candidate], language: str) -> str:
    if not candidates:
        return ""
    first = candidates[0]
    if first.certainty is Certainty.LOST:
        return typeset(LOST, language)
    if first.after == "":
        return translate(gettext_noop("Laissez la cellule vide."), language)
    if len(candidates) > 1:
        listed = [short(candidate.after) for candidate in candidates]
        return typeset(
            gettext_noop("Vouliez-vous écrire {values} ou {last} ? Vous seul pouvez le dire."), language
        ).format(values=", ".join(listed[:-1]), last=listed[-1])
    return typeset(gettext_noop("Vouliez-vous écrire {value} ?"), language).format(value=short(first.after))


def _renamed(fault: Fault, columns: Sequence[str], schema: TableSchema, language: str) -> str:
    """The column of the file that has the missing name but for its case or signs, or nearly so."""
    names = set(schema.field_names)
    others = [cut_label(label) for label in columns if label.strip() and label.strip() not in names]
    missing_key = key(cut_label(fault.column or ""))
    same = next((label for label in others if key(label) == missing_key), "")
    if not same and missing_key and len(others) * len(names) <= MOST_COMPARED:
        same = closest(missing_key, others)
    if not same:
        return ""
    question = gettext_noop("Est-ce la colonne « {column} » ? Si oui, renommez-la.")
    return typeset(question, language).format(column=short(same))
