"""Guessing the type of every column of a staged table, and saying how sure the guess is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from parvis.core.columns import Column, ColumnType
from parvis.core.identifiers import column_names
from parvis.core.profiling.detectors.texts import SPLIT
from parvis.core.profiling.kinds import Kind, names_a_code, names_a_company, recognise, rounded_share, wrong_values
from parvis.core.profiling.lookalikes import digits_note, name_note
from parvis.core.profiling.missing_words import MACHINE_WORDS, MISSING_MARKS, TOLERANT
from parvis.core.profiling.parser_choice import PLAIN, Choice, choose, first_of, reads_missing, relatives
from parvis.core.profiling.parser_counts import (
    Measure,
    measure_sample,
    measure_whole,
    sampled_values,
    take_sample,
)
from parvis.core.profiling.plans import ColumnGuess, ColumnPlan, Override
from parvis.core.profiling.points import POINT_NAME, guess_points
from parvis.core.profiling.table import DETECTED, parser_named
from parvis.core.progress import Progress, no_progress
from parvis.core.staging import ROWS, Note, StagedColumn, StagedTable, Workspace, quote_identifier
from parvis.core.text import slugify

_EXAMPLES = 5
_SEPARATORS = (";", "|", ",")
_LARGE_SAMPLE = 1000
_MOST_CODES = 0.5
_AGAIN = 3
"""Times, and letters, from which on a word among numbers is no slip."""
_LETTER = re.compile(r"[^\W\d_]")
_AGREEING = 3
"""Columns of numbers alone beside a word for no value from which on the word is believed in each of them."""
_BARE_NUMBERS = ("int", "int_point", "double", "int_fr", "number_fr")
"""Readings of numbers that say no unit."""
_UNIT = re.compile(r"[(\[]\s*(?:en )?([^()\[\]]{1,12}?)\s*[)\]]\s*$")
_UNITS = frozenset(
    [
        "%",
        "€",
        "k€",
        "M€",
        "m²",
        "m2",
        "km²",
        "km2",
        "ha",
        "m",
        "km",
        "cm",
        "mm",
        "m³",
        "m3",
        "L",
        "l",
        "kg",
        "t",
        "tonnes",
        "Wh",
        "kWh",
        "MWh",
        "GWh",
        "TWh",
        "kW",
        "MW",
        "°C",
        "µg/m3",
        "µg/m³",
        "dB",
        "h",
        "min",
        "s",
        "ans",
        "hab.",
        "tCO2e",
        "teqCO2",
        "kgCO2",
        "db°",
    ]
)


@dataclass(slots=True)
class _Work:
    """One staged column on its way to a guess."""

    staged: StagedColumn
    name: str
    override: Override
    measure: Measure = field(default_factory=Measure)
    values: list[str] = field(default_factory=list)
    times: dict[str, int] = field(default_factory=dict)
    """How often each of the values was seen."""
    kind: Kind | None = None
    choice: Choice | None = None
    sample: Measure = field(default_factory=Measure)

    @property
    def slug(self) -> str:
        return slugify(self.staged.header, "_")


def guess(
    workspace: Workspace,
    staged: StagedTable,
    overrides: Mapping[str, Override] | None = None,
    *,
    progress: Progress = no_progress,
    thorough: bool = True,
) -> tuple[ColumnGuess, ...]:
    """The guess for each column, in the order of the source, then the point that two of them make, if any; ``overrides``
    may give columns another place.

    Not ``thorough``: a reading that fits a whole large sample is believed to fit the table; who writes the table must check.

    What ``overrides`` says (by technical name or by header) wins over what is seen; dropped columns are left out.
    UnknownParser when an override names a parser that does not exist.
    """
    workspace.connection.execute("SET TimeZone = 'UTC'")
    progress("detect", 0, staged.rows)
    names = column_names(column.header for column in staged.columns)
    column_overrides = _overrides_of(staged, names, overrides or {})
    work = [
        _Work(column, name, override)
        for column, name, override in zip(staged.columns, names, column_overrides, strict=True)
    ]
    geometries = _geometry_columns(workspace)
    texts = [item for item in work if item.staged.name not in geometries]
    _measure(workspace, staged, texts, progress, thorough)
    guesses = [
        _geometry_guess(workspace, item) if item.staged.name in geometries else _text_guess(workspace, item)
        for item in work
        if not item.override.drop
    ]
    places = [item.override.place for item in work if not item.override.drop]
    if POINT_NAME in (overrides or {}) or None in places or not places:
        # Not for a table of which every column has its place: who knows its schema so well has no other column.
        points = guess_points(workspace, staged.rows, guesses, overrides or {})
        guesses += points
        places += [(overrides or {}).get(POINT_NAME, Override()).place for _point in points]
    progress("detect", staged.rows, staged.rows)
    return _unique(_placed(guesses, places))


def _placed(guesses: Sequence[ColumnGuess], places: Sequence[int | None]) -> list[ColumnGuess]:
    """The columns that have a place in the order of these, then the others as they are."""
    ranked = sorted(zip(places, guesses, strict=True), key=lambda pair: (pair[0] is None, pair[0] or 0))
    return [guess for _place, guess in ranked]


def unknown_overrides(staged: StagedTable, overrides: Mapping[str, Override]) -> tuple[Note, ...]:
    """A note for each override that is about no column of this table."""
    headers = [column.header for column in staged.columns]
    names = column_names(headers)
    known_names = {
        *headers,
        *names,
        "geo_point_2d",
        *(override.name for override in _overrides_of(staged, names, overrides)),
    }
    return tuple(
        Note("override-unknown", {"column": key})
        for key, override in overrides.items()
        if not {key, override.name or key} & known_names
    )


def _overrides_of(staged: StagedTable, names: Sequence[str], overrides: Mapping[str, Override]) -> list[Override]:
    """What is wanted for each column: what is said of its header, else of its name.

    The geometry of a map file has no header of its own: it is the geographic column that the others do not make.
    """
    pairs = list(zip(names, staged.columns, strict=True))
    chosen = [overrides.get(column.header) or overrides.get(name) or Override() for name, column in pairs]
    made = {override.name or name for override, name in zip(chosen, names, strict=True)}
    left = [
        replace(override, name=override.name or key)
        for key, override in overrides.items()
        if override.type is not None and override.type.is_geographic and (override.name or key) not in made
    ]
    for rank, column in enumerate(staged.columns):
        if chosen[rank] == Override() and column.hint is not None and column.hint.is_geographic and left:
            chosen[rank] = next((override for override in left if override.type is column.hint), left[0])
            left = [override for override in left if override.name != chosen[rank].name]
    return chosen


def _geometry_columns(workspace: Workspace) -> set[str]:
    described = workspace.connection.execute(f"DESCRIBE {ROWS}").fetchall()
    return {str(row[0]) for row in described if str(row[1]).startswith("GEOMETRY")}


def _measure(workspace: Workspace, staged: StagedTable, work: list[_Work], progress: Progress, thorough: bool) -> None:
    """Fill the measure, the values, the kind and the choice of each column of text."""
    if not work:
        return
    names = [item.staged.name for item in work]
    whole = take_sample(workspace, staged, names)
    sampled = measure_sample(workspace, names, whole=whole)
    values = sampled_values(workspace)
    for item in work:
        item.sample = item.measure = sampled[item.staged.name]
        times = values.get(item.staged.name, {})
        item.values, item.times = list(times), times
        item.sample.machine = _missing_words(item) <= MACHINE_WORDS
        item.kind = recognise(item.slug, item.values, list(times.values()))
        item.choice = _first_choice(item)
    _agree(work)
    progress("detect", staged.rows // 10, staged.rows)
    if not whole:
        _verify(workspace, work, thorough)


def _agree(work: Sequence[_Work]) -> None:
    """Believe, in columns of few numbers, the words for no value that other columns of the table leave no doubt about: beside
    enough numbers in one, or beside nothing else than numbers in several."""
    doubtful = [item for item in work if _parser(item) == "text" and item.sample.missing]
    if not doubtful:
        return
    numbers = [parser.name for parser in DETECTED if parser.type.is_number]
    columns: Counter[str] = Counter()
    for item in work:
        if 0 < item.sample.values == max(item.sample.fits[name] for name in numbers):
            weight = _AGREEING if item.choice and item.choice.missing and item.sample.values >= PLAIN else 1
            columns.update(dict.fromkeys(_missing_words(item), weight))
    for item in doubtful:
        if all(columns[word] >= _AGREEING for word in _missing_words(item)):
            item.sample.agreed = True
            item.choice = _first_choice(item)


def _missing_words(item: _Work) -> set[str]:
    return {word for value in item.values if (word := value.strip().lower()) in MISSING_MARKS}


def _first_choice(item: _Work) -> Choice:
    if item.override.parser:
        return _asked_for(item.override.parser, item)
    if item.override.separator:
        return Choice(f"{SPLIT}{_separator(item)}")
    if item.override.type:
        return _asked_for(first_of(item.override.type, item.sample), item)
    if _must_stay_text(item):
        rounded = names_a_company(item.slug) and rounded_share(item.values)
        is_named = item.kind is None and not rounded and _names_codes(item)
        return Choice("text", (Note("named-code"),) if is_named else ())
    return _chosen(item, item.sample)


def _chosen(item: _Work, measure: Measure) -> Choice:
    """The choice of ``choose``, unless its numbers are names of things; texts of digits alone get their reason."""
    choice = choose(item.slug, measure, item.staged.hint)
    if choice.parser != "text" and _has_words(item, choice, measure):
        misfits = measure.filled - measure.fits[choice.parser]
        details = {
            "parser": choice.parser,
            "share": round(measure.fits[choice.parser] / measure.filled, 4),
            "misfits": misfits,
            "filled": measure.filled,
        }
        return Choice("text", (Note("mostly", details),))
    texts = [value for value in item.values if value.strip().lower() not in MISSING_MARKS]
    if choice.parser == "text":
        reason = digits_note(texts) if not choice.notes else None
        return replace(choice, notes=(reason,)) if reason else choice
    typed_by_format = item.staged.hint is not None and item.staged.hint is not ColumnType.TEXT
    if choice.parser not in _BARE_NUMBERS or typed_by_format or _UNIT.search(item.staged.header):
        return choice
    reason = name_note(item.slug, texts)
    return Choice("text", (reason,)) if reason else choice


def _has_words(item: _Work, choice: Choice, measure: Measure) -> bool:
    """True when what does not fit numbers or dates is mostly words that come again: values of the column (« RER C » among numbers),
    which no error writes three times; once is enough beside zeros alone."""
    parser = parser_named(choice.parser)
    expected = measure.values if choice.missing else measure.filled
    if parser.type not in TOLERANT or measure.fits[parser.name] >= expected:
        return False
    again = 1 if {value.strip() for value in item.times if not _LETTER.search(value)} == {"0"} else _AGAIN
    words = {
        value: times
        for value, times in item.times.items()
        if times >= again and len(_LETTER.findall(value)) >= _AGAIN and value.strip().lower() not in MISSING_MARKS
    }
    share = (expected - measure.fits[parser.name]) / expected
    misfits = share * sum(times for value, times in item.times.items() if value.strip().lower() not in MISSING_MARKS)
    return sum(words.values()) >= 0.5 * misfits


def _asked_for(name: str, item: _Work) -> Choice:
    parser = parser_named(name)
    seldom = parser.type in TOLERANT and not item.sample.missing
    return Choice(parser.name, missing=seldom or reads_missing(parser, item.sample))


def _separator(item: _Work) -> str:
    """What is between values: the one told, unless portals' exports have put a comma in its place, else one that is seen."""
    separator = item.override.annotations.get("multivalued")
    if not isinstance(separator, str):
        return next(
            (sign for sign in _SEPARATORS if any(sign in value for value in item.values)), item.override.separator
        )
    if any(separator in value for value in item.values) or any(", " in value for value in item.values):
        return separator
    return "," if any("," in value for value in item.values) else separator


def _must_stay_text(item: _Work) -> bool:
    if item.kind is not None and item.kind.text:
        return True
    if names_a_company(item.slug) and rounded_share(item.values):
        return True
    # « 75001.0 » is a code that a spreadsheet took for a number; « 3.118750 » under LONG_EXEC_CODE is no code.
    return _names_codes(item)


def _names_codes(item: _Work) -> bool:
    whole = max(item.sample.share("int_point"), item.sample.share("int_fr"))
    return names_a_code(item.slug) and whole >= _MOST_CODES


def _verify(workspace: Workspace, work: list[_Work], thorough: bool) -> None:
    """Count the parsers chosen on the sample over the whole table, and choose again where they do not fit all."""
    parsers = {
        item.staged.name: [parser_named(_parser(item))] if thorough or not _is_sure(item) else [] for item in work
    }
    missing = {item.staged.name for item in work if item.choice and item.choice.missing and parsers[item.staged.name]}
    measures = measure_whole(workspace, parsers, missing=missing)
    for item in work:
        item.measure = measures[item.staged.name]
        if not parsers[item.staged.name]:
            item.measure.fits[_parser(item)] = item.measure.filled
    again: list[_Work] = []
    for item in work:
        fixed = item.override.parser or item.override.type or item.override.separator or _must_stay_text(item)
        if not fixed and (_parser(item) != "text" or not item.sample.clues["leading_zero"]):
            doubtful = item.measure.fits[_parser(item)] < item.measure.values or _parser(item) == "text"
            if doubtful and relatives(item.slug, item.sample, item.staged.hint):
                again.append(item)
    if not again:
        return
    parsers = {item.staged.name: relatives(item.slug, item.sample, item.staged.hint) for item in again}
    measures = measure_whole(workspace, parsers, clues=True)
    for item in again:
        item.measure = measures[item.staged.name]
        item.measure.fits["text"] = item.measure.filled
        item.measure.distinct, item.measure.agreed = item.sample.distinct, item.sample.agreed
        item.measure.machine = item.sample.machine
        item.choice = _chosen(item, item.measure)


def _is_sure(item: _Work) -> bool:
    parser = _parser(item)
    return parser == "text" or item.sample.fits[parser] == _values(item, item.sample) >= _LARGE_SAMPLE


def _values(item: _Work, measure: Measure) -> int:
    """How many cells hold a value for the parser chosen."""
    return measure.values if item.choice and item.choice.missing else measure.filled


def _parser(item: _Work) -> str:
    return item.choice.parser if item.choice else "text"


def _text_guess(workspace: Workspace, item: _Work) -> ColumnGuess:
    parser = parser_named(_parser(item))
    choice = item.choice or Choice("text")
    kind = parser.type
    if kind is ColumnType.GEO_SHAPE and _only_points(workspace, parser.sql(quote_identifier(item.staged.name))):
        kind = ColumnType.GEO_POINT
    annotations = dict(parser.annotations)
    if kind.is_number and (unit := _UNIT.search(item.staged.header)) and unit[1] in _UNITS:
        annotations.setdefault("unit", unit[1])
    override_type = item.override.type
    if override_type is ColumnType.GEO_POINT and kind is ColumnType.GEO_SHAPE:
        override_type = None  # lines or areas were found where points were expected
    column = _column(item, override_type or kind, annotations)
    total = _values(item, item.measure)
    fits_all = parser.name in ("text", "file", "json_told") or parser.name.startswith(SPLIT)
    fits = total if fits_all else item.measure.fits[parser.name]
    return ColumnGuess(
        plan=ColumnPlan(column, (item.staged.name,), parser.name, missing=choice.missing),
        confidence=fits / total if total else 1.0,
        examples=tuple(value[:200] for value in item.values[:_EXAMPLES]),
        alternatives=_alternatives(item, parser.name),
        notes=(*choice.notes, *_kind_notes(item)),
        filled=item.measure.filled,
    )


def _column(item: _Work, kind: ColumnType, annotations: Mapping[str, object]) -> Column:
    override = item.override
    meaning = item.kind.name if item.kind and (item.kind.text == (kind is ColumnType.TEXT)) else ""
    return Column(
        name=override.name or item.name,
        label=override.label or item.staged.header.strip() or f"Colonne {item.name.removeprefix('colonne_')}",
        type=kind,
        description=override.description or "",
        annotations={**annotations, **override.annotations},
        kind=meaning,
    )


def _alternatives(item: _Work, taken: str) -> tuple[str, ...]:
    if not item.sample.filled:
        return ()
    total = _values(item, item.sample)
    fitting = [p.name for p in DETECTED if item.sample.fits[p.name] == total and p.name != taken]
    if "int" in (taken, *fitting) or "double" in (taken, *fitting):  # the wider numeric readings would say nothing new
        fitting = [name for name in fitting if name not in ("int_fr", "int_point", "number_fr", "euros")]
    return (*fitting, "text") if taken != "text" else tuple(fitting)


def _kind_notes(item: _Work) -> tuple[Note, ...]:
    notes: list[Note] = []
    values = item.values
    if names_a_company(item.slug) and rounded_share(values):
        example = next(v for v in values if rounded_share([v]))
        return (Note("siret-rounded", {"example": example}),)
    if item.kind is None:
        return ()
    if item.kind.name == "nir":
        notes.append(Note("personal-nir", {}))
    elif wrong := wrong_values(item.kind, values):
        notes.append(
            Note("identifiers-invalid", {"kind": item.kind.label, "count": len(wrong), "example": wrong[0][:80]})
        )
    if item.kind.name in ("insee_commune", "postcode"):
        short = [value for value in values if re.fullmatch(r"[1-9]\d{3}", value.strip())]
        if short:
            notes.append(Note("leading-zeros-lost", {"example": short[0].strip()}))
    return tuple(notes)


_FIRST_SHAPES = 1000


def _only_points(workspace: Workspace, expression: str) -> bool:
    """Whether every shape is a point; the first ones are enough to know that some is not, and shapes are long to read."""
    shapes, points = _count_points(workspace, expression, f"{ROWS} LIMIT {_FIRST_SHAPES}")
    if shapes == points:
        shapes, points = _count_points(workspace, expression, ROWS)
    return shapes == points > 0


def _count_points(workspace: Workspace, expression: str, rows: str) -> tuple[int, int]:
    row = workspace.connection.execute(
        f"SELECT count(g), count_if(ST_GeometryType(g) = 'POINT') FROM (SELECT {expression} AS g FROM {rows})"
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1] or 0)  # DuckDB counts no row as null


def _geometry_guess(workspace: Workspace, item: _Work) -> ColumnGuess:
    cell = quote_identifier(item.staged.name)
    is_point = item.override.type is not ColumnType.GEO_SHAPE and _only_points(workspace, cell)
    kind = ColumnType.GEO_POINT if is_point else ColumnType.GEO_SHAPE
    row = workspace.connection.execute(f"SELECT count({cell}) FROM {ROWS}").fetchone()
    assert row is not None
    rows = workspace.connection.execute(
        f"SELECT ST_GeometryType({cell})::VARCHAR, count(*) FROM {ROWS} WHERE {cell} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC"
    ).fetchall()
    return ColumnGuess(
        plan=ColumnPlan(_column(item, kind, {}), (item.staged.name,), "geometry"),
        confidence=1.0,
        examples=tuple(str(name) for name, _ in rows[:_EXAMPLES]),
        alternatives=(),
        notes=(),
        filled=int(row[0]),
    )


def _unique(guesses: list[ColumnGuess]) -> tuple[ColumnGuess, ...]:
    """Names chosen by people may collide with others: make them technical and unique, in order."""
    names = column_names(g.plan.column.name for g in guesses)
    return tuple(
        g
        if g.plan.column.name == name
        else replace(g, plan=replace(g.plan, column=g.plan.column.with_changes(name=name)))
        for g, name in zip(guesses, names, strict=True)
    )
