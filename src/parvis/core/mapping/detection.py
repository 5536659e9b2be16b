"""Which schema a file probably follows: those whose fields its columns have, then those that its values suit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from parvis.core.mapping.model import Mapping, Reason
from parvis.core.mapping.names import CUT_AT, name_score
from parvis.core.mapping.portrait import Portrait
from parvis.core.mapping.proposals import propose_mapping
from parvis.core.mapping.vocabulary import words_of
from parvis.core.readings.text_values import key
from parvis.core.schemas.model import Field, TableSchema

_LOOKED_CLOSELY = 4
_FLOOR = 0.4
_TOLD = 6
_WIDE = 400
"""Columns beyond which only the same names are looked for: there are a hundred schemas."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A schema that a file may follow: ``score`` from 0 to 1, why, and the mapping that would bring the file to it."""

    schema: TableSchema
    score: float
    reasons: tuple[Reason, ...]
    mapping: Mapping

    @property
    def is_likely(self) -> bool:
        """True when it may be proposed without a word of doubt."""
        return self.score >= 0.6


def detect_schema(portrait: Portrait, catalogue: Iterable[TableSchema]) -> tuple[Candidate, ...]:
    """The schemas that the file probably follows, best first; none when no schema has much in common with it.

    Of a schema given in several versions (older first), the one that suits best is kept.
    """
    rough: dict[str, tuple[float, TableSchema]] = {}
    for schema in catalogue:
        score = _rough(portrait, schema)
        if score >= rough.get(schema.name, (0.0, schema))[0]:  # of versions that do as well, the last one
            rough[schema.name] = (score, schema)
    best = sorted(rough.values(), key=lambda pair: -pair[0])[:_LOOKED_CLOSELY]
    candidates = [_closely(portrait, schema) for score, schema in best if score >= _FLOOR / 2]
    probable = [candidate for candidate in candidates if candidate.score >= _FLOOR]
    return tuple(sorted(probable, key=lambda candidate: -candidate.score))


def _rough(portrait: Portrait, schema: TableSchema) -> float:
    """By names alone, quickly."""
    names, words = _by_name_and_word(schema)
    wide = len(portrait.headers) > _WIDE
    best = []
    for header in portrait.headers:
        compared: Iterable[Field] = names.get(key(header), ())
        if not wide:
            compared = schema.fields if len(header) == CUT_AT else _alike(header, names, words)
        scores = [name_score(header, item, thorough=False)[0] for item in compared]
        best.append(max(scores, default=0.0))
    return _both(sum(best), len(portrait.headers), _weight(schema))


type _Fields = dict[str, list[Field]]


def _by_name_and_word(schema: TableSchema) -> tuple[_Fields, _Fields]:
    """The fields by their names as they are compared, then by their titles and each word of both."""
    names: _Fields = {}
    words: _Fields = {}
    for item in schema.fields:
        names.setdefault(key(item.name), []).append(item)
        for word in {key(item.title), *words_of(item.name), *words_of(item.title)}:
            words.setdefault(word, []).append(item)
    return names, words


def _alike(header: str, names: _Fields, words: _Fields) -> list[Field]:
    """The fields that have something in common with a header that is no cut name: those that are rated more than nothing."""
    alike = [*names.get(key(header), ()), *words.get(key(header), ())]
    return alike + [item for word in words_of(header) for item in words.get(word, ())]


def _weight(schema: TableSchema) -> float:
    """How many columns a file of the schema is expected to have: required fields wholly, the others by half."""
    required = sum(item.required for item in schema.fields)
    return max(1.0, required + 0.5 * (len(schema.fields) - required))


def _both(shared: float, columns: int, expected: float) -> float:
    """The harmonic mean of the share of the file that the schema explains and the share of the schema that the file has."""
    if not shared or not columns:
        return 0.0
    precision, recall = shared / columns, min(1.0, shared / expected)
    return 2 * precision * recall / (precision + recall)


def _closely(portrait: Portrait, schema: TableSchema) -> Candidate:
    mapping = propose_mapping(portrait, schema)
    matched = [match for match in mapping.matches if match.source]
    shared = sum(match.score for match in matched)
    score = _both(shared, max(1, len(portrait.headers)), _weight(schema))
    required = [match for match in mapping.matches if match.required]
    had = [match for match in required if match.source]
    reasons = [
        Reason(
            "fields-found",
            {"found": len(matched), "fields": len(schema.fields), "names": [m.field for m in matched][:_TOLD]},
        )
    ]
    if required:
        reasons.append(
            Reason(
                "required-found",
                {"found": len(had), "required": len(required), "missing": list(mapping.missing)[:_TOLD]},
            )
        )
    if mapping.left:
        reasons.append(Reason("columns-left", {"count": len(mapping.left), "names": list(mapping.left)[:_TOLD]}))
    return Candidate(schema, round(score, 3), tuple(reasons), mapping)
