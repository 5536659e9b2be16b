"""The custom checks of Validata, one row each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parvis.core.schemas.model import CustomCheck, TableSchema
from parvis.core.translation import gettext_noop
from parvis.core.validation.cells import missing_condition
from parvis.core.validation.checks.check_rows import COLUMN, TEXTUAL, CheckRow, Parameter, Subject, wrong_parameter
from parvis.core.validation.checks.official import YEARS, official, postcode
from parvis.core.validation.checks.rows import OPERATORS, add_up, cohesive, compare, one_of_required
from parvis.core.validation.checks.values import (
    ACT,
    OPENING_HOURS,
    PHONE,
    SIREN,
    SIRET,
    french_coordinates,
    year_interval,
)
from parvis.core.validation.headers import Columns
from parvis.core.validation.model import Advice, Rule
from parvis.core.validation.plan import Finding, Once, Question, Stage, Texts, any_of

_YEAR = Parameter("cog", allowed=YEARS)
_NUMERIC = frozenset({"integer", "number", "year", "boolean"})
_COMPARED = (COLUMN, Parameter("op", allowed=tuple(OPERATORS)), Parameter("column2"))

CHECKS = (
    CheckRow("siret", gettext_noop("un numéro SIRET"), (COLUMN,), SIRET),
    CheckRow("siren", gettext_noop("un numéro SIREN"), (COLUMN,), SIREN),
    CheckRow("nomenclature-acte", gettext_noop("une matière de la nomenclature des actes"), (COLUMN,), ACT, TEXTUAL),
    CheckRow("phone-number-value", gettext_noop("un numéro de téléphone"), (COLUMN,), PHONE, TEXTUAL),
    CheckRow("opening-hours-value", gettext_noop("des heures d’ouverture"), (COLUMN,), OPENING_HOURS, TEXTUAL),
    CheckRow(
        "year-interval-value",
        gettext_noop("une période de deux années"),
        (COLUMN, Parameter("allow-year-only", required=False)),
        year_interval,
        TEXTUAL,
    ),
    CheckRow(
        "french-gps-coordinates",
        gettext_noop("un point de France"),
        (COLUMN,),
        french_coordinates,
        frozenset({"geopoint"}),
    ),
    CheckRow(
        "cohesive-columns-value",
        gettext_noop("des colonnes remplies ensemble"),
        (COLUMN, Parameter("othercolumns", "texts")),
        cohesive,
    ),
    CheckRow("compare-columns-value", gettext_noop("deux colonnes comparées"), _COMPARED, compare),
    CheckRow(
        "sum-columns-value",
        gettext_noop("une somme de colonnes"),
        (COLUMN, Parameter("columns", "texts")),
        add_up,
        _NUMERIC,
    ),
    CheckRow(
        "one-of-required",
        gettext_noop("l’une de deux colonnes remplie"),
        (Parameter("column1"), Parameter("column2")),
        one_of_required,
    ),
    CheckRow("canton", gettext_noop("un nom de canton"), (COLUMN, _YEAR), official("Canton", by_year=True)),
    CheckRow(
        "code-commune-insee",
        gettext_noop("un code de commune"),
        (COLUMN, _YEAR),
        official("CodeCommuneInsee", by_year=True),
    ),
    CheckRow("code-fantoir", gettext_noop("un code Fantoir"), (COLUMN,), official("CodeFantoir", by_year=False)),
    CheckRow(
        "code-pays-iso2",
        gettext_noop("un code de pays à deux lettres"),
        (COLUMN, _YEAR),
        official("CodePaysISO2", by_year=True),
    ),
    CheckRow(
        "code-pays-iso3",
        gettext_noop("un code de pays à trois lettres"),
        (COLUMN, _YEAR),
        official("CodePaysISO3", by_year=True),
    ),
    CheckRow("code-postal", gettext_noop("un code postal"), (COLUMN,), postcode),
    CheckRow("code-region", gettext_noop("un code de région"), (COLUMN, _YEAR), official("CodeRegion", by_year=True)),
    CheckRow("commune", gettext_noop("un nom de commune"), (COLUMN, _YEAR), official("Commune", by_year=True)),
    CheckRow(
        "departement",
        gettext_noop("un nom de département"),
        (COLUMN, _YEAR),
        official("Departement", by_year=True),
    ),
    CheckRow(
        "numero-departement",
        gettext_noop("un numéro de département"),
        (COLUMN, _YEAR),
        official("CodeDepartement", by_year=True),
    ),
    CheckRow(
        "pays",
        gettext_noop("un nom de pays"),
        (COLUMN, Parameter("cog", allowed=("2024", "latest"))),
        official("Pays", by_year=True),
    ),
    CheckRow("region", gettext_noop("un nom de région"), (COLUMN, _YEAR), official("Region", by_year=True)),
)
CHECK_BY_NAME = {row.name: row for row in CHECKS}


def check_questions(schema: TableSchema, columns: Columns) -> tuple[list[Question], list[Once], list[Advice]]:
    """What the checks of ``schema`` ask of a table with these columns, what they say at once, and what is to be told."""
    questions: list[Question] = []
    faults: list[Once] = []
    advice: list[Advice] = []
    for rank, check in enumerate(schema.checks):
        if check.declared != check.name:
            advice.append(Advice("deprecated-check", {"name": check.declared, "replacement": check.name}))
        row = CHECK_BY_NAME.get(check.name)
        wrong = wrong_parameter(row, check.params) if row else "name"
        if row is None or wrong is not None:
            faults.append(_unusable(check, wrong))
            continue
        if columns.duplicated:
            continue
        subject = Subject(check, rank, schema, columns)
        unread = _unread(row, subject)
        if unread:
            questions.append(_unfit(subject, unread))
            continue
        built = row.build(subject)
        questions += [item for item in built if isinstance(item, Question)]
        faults += [item for item in built if isinstance(item, Once)]
        if not built:
            advice.append(Advice("empty-check", {"name": check.name, "columns": _names(check)}))
    return questions, faults, advice


def _names(check: CustomCheck) -> list[str]:
    """The columns that a check names."""
    named = [value for key, value in check.params.items() if key.startswith(("column", "othercolumns"))]
    return [name for value in named for name in (value if isinstance(value, list) else [value])]


def _unread(row: CheckRow, subject: Subject) -> list[str]:
    """Columns of the file whose type the check cannot read."""
    positions: Sequence[int | None] = [subject.columns.position(name) for name in _names(subject.check)]
    if not row.kinds or None in positions:
        return []
    fields = [subject.field(rank) for rank in positions if rank is not None]
    return [field.name for field in fields if field.type not in row.kinds]


def _unusable(check: CustomCheck, parameter: str | None) -> Once:
    details = {"name": check.declared, "parameter": parameter, "params": dict(check.params)}
    return Once(Rule("check-error", f"check:{check.name}", None, None, details), None, last=True)


def _unfit(subject: Subject, columns: list[str]) -> Question:
    """The check meets values it cannot read, which is told once; while some are missing, nothing happens."""
    details = {"name": subject.check.declared, "columns": columns}
    rule = Rule("error", f"check:{subject.check.name}", None, None, details)
    positions = subject.positions(_names(subject.check)) or ()
    readers = [subject.reader(position) for position in positions]
    missing = [missing_condition(subject.missing(position)).moved(rank) for rank, position in enumerate(positions)]

    def judge(texts: Texts) -> Iterator[Finding]:
        if all(reader.value(text) is not None for reader, text in zip(readers, texts, strict=True)):
            yield Finding()

    return Question(Stage.CHECKS, subject.rank, positions, (rule,), any_of(*missing), judge, value=None, told_once=True)
