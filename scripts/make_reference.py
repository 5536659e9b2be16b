"""Write the reference pages that are made from rows of the code; ``--check`` says whether they are up to date."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import os
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
os.environ["COLUMNS"] = "100"  # argparse folds its help at the width of the terminal

import django

django.setup()

from django.apps import apps
from django.db.models import Field, Model
from wagtail import blocks

import parvis
from parvis.config.cli.arguments import COMMANDS, build_parser
from parvis.core.atlas.description import MapDescription, MapLayer
from parvis.core.atlas.kinds import KINDS, METHODS
from parvis.core.card_translations import LONGEST_DESCRIPTION, LONGEST_TITLE, MOST_KEYWORDS, MOST_LANGUAGES
from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.marks import CALCULATIONS, MARKS, STEPS
from parvis.core.charts.themes import DARK, LIGHT
from parvis.core.closures import CLOSURES
from parvis.core.errors import ParvisError
from parvis.core.explore import EXPORT_FORMATS
from parvis.core.explore.request import LARGEST_GROUPS, LARGEST_PAGE, LAST_ROW
from parvis.core.formats.readers import READERS
from parvis.core.inspire import vocabulary as inspire
from parvis.core.inspire.block import FIELDS as INSPIRE_FIELDS
from parvis.core.metadata import FREQUENCIES, LICENCES, THEMES
from parvis.core.odsql import constructs
from parvis.core.odsql.dateformat import LONGEST, SYMBOLS
from parvis.core.odsql.functions import FUNCTIONS, Function, Use
from parvis.core.odsql.literals import METRES
from parvis.core.odsql.nowtime import ARGUMENTS
from parvis.core.odsql.parser import MAX_CONDITIONS
from parvis.core.odsql.ranges import UNITS
from parvis.core.odsql.reader import MAX_DEPTH, MAX_OPERATORS
from parvis.core.odsql.tokens import MAX_LENGTH
from parvis.core.profiling.table import PARSERS
from parvis.core.quality.criteria import CRITERIA
from parvis.core.transforms.preparation.rows import TESTS
from parvis.core.transforms.preparation.shapes import FUNCTIONS as STEP_FUNCTIONS
from parvis.core.transforms.preparation.table import PREPARATIONS
from parvis.core.translation import translate
from parvis.hub.catalogue.rules import REQUIREMENTS
from parvis.hub.catalogue.rules import WARNINGS as CARD_WARNINGS
from parvis.hub.conf import SETTINGS
from parvis.hub.pages.blocks.body import BodyBlock
from parvis.hub.quality.rules import SAID
from parvis.packs.inventory.rows import usual_datasets
from parvis.web.api.description.operations import document
from parvis.web.parvis_api import API

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
MADE = "<!-- Made by scripts/make_reference.py: change the rows of the code, not this page. -->\n\n"


def _table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def settings_page() -> str:
    """Every setting, its default and what it is for."""
    rows = [(f"`{s.name}`", f"`{s.default}`" if s.default not in ("", ()) else "", s.sentence) for s in SETTINGS]
    first = "Each may stand in the environment or in `parvis.toml` in the home; the environment wins.\n\n"
    place = ("`PARVIS_HOME`", "`./parvis-home`", "Folder of the instance; environment only.")
    return "# Settings\n\n" + first + _table(("name", "default", "what it is for"), [place, *rows])


def errors_page() -> str:
    """Every error a person may meet, with its code."""
    rows = []
    for error in sorted(_errors(), key=lambda e: e.code):
        rows.append((f"`{error.code}`", error.sentence, error.advice, translate(error.sentence, "en")))
    return "# Error codes\n\n" + _table(("code", "français", "conseil", "English"), rows)


def _errors() -> Iterator[type[ParvisError]]:
    for module in pkgutil.walk_packages(parvis.__path__, "parvis."):
        if ".tests" not in module.name and ".migrations" not in module.name and "settings" not in module.name:
            importlib.import_module(module.name)
    waiting = [ParvisError]
    while waiting:
        for error in waiting.pop().__subclasses__():
            waiting.append(error)
            if "sentence" in vars(error):
                yield error


def commands_page() -> str:
    """Every command, as its own help says it."""
    parser = build_parser()
    subparsers = next(a for a in parser._actions if a.dest == "command").choices
    parts = ["# Commands\n", "Exit status: 0 done, 1 the data or the request is wrong, 2 it could not run.\n"]
    for command in COMMANDS:
        parts.append(f"## parvis {command.name}\n\n{command.sentence.capitalize()}.\n\n```text")
        parts.append(subparsers[command.name].format_help().rstrip())
        for action in subparsers[command.name]._actions:
            if isinstance(action.choices, dict):
                parts += [sub.format_help().rstrip() for sub in action.choices.values()]
        parts.append("```\n")
    return "\n".join(parts)


def formats_page() -> str:
    """What is read and what is written."""
    read = _table(("name", "format"), [(f"`{row.name}`", row.label) for row in READERS])
    written = _table(
        ("name", "file", "media type", "limits"),
        [(f"`{row.name}`", f".{row.extension}", row.media_type, translate(row.limits, "en")) for row in EXPORT_FORMATS],
    )
    return f"# Formats\n\n## Read\n\nAny of them may stand in a zip or gzip archive.\n\n{read}\n## Written\n\n{written}"


def parsers_page() -> str:
    """How the text of a cell becomes a value."""
    rows = [
        (f"`{p.name}`", f"`{p.type}`", p.words.one, ", ".join(f"`{text}`" for text, _value in p.good[:3]))
        for p in PARSERS
    ]
    return "# How columns are read\n\n" + _table(("parser", "type", "en français", "examples"), rows)


def language_page() -> str:
    """The query language: what may be written, the functions and their examples, the limits."""
    parts = [
        "# Query language\n",
        "The language of the Explore API v2.1 (ODSQL), in `select`, `where`, `group_by` and `order_by`. Each example is read by a"
        " test. A line marked + is an extension of Parvis: it changes no answer of the standard language.\n",
    ]
    for title, rows in (
        ("Select", constructs.SELECT),
        ("Where", constructs.WHERE),
        ("Values", constructs.LITERALS),
        ("Order", constructs.ORDER_BY),
    ):
        made = [(_code(row.form), row.sentence, _example(row.example)) for row in rows]
        parts += [f"## {title}\n", _table(("form", "in one sentence", "example"), made)]
    for use, title in _USES:
        rows = [row for forms in FUNCTIONS.values() for row in forms if row.use in use]
        parts += [
            f"## {title}\n",
            _table(("function", "gives", "where", "in one sentence", "example"), _functions(rows)),
        ]
    return "\n".join([*parts, *_small_tables()])


_USES = (
    ((Use.SCALAR, Use.GROUPED, Use.SELECTED, Use.ORDER), "Functions that give a value for each record"),
    ((Use.FILTER,), "Functions that filter"),
    ((Use.AGGREGATION,), "Aggregations"),
    ((Use.GROUP,), "Functions that group"),
)


def _functions(rows: list[Function]) -> list[tuple[object, ...]]:
    return [
        (
            f"`{row.name}({', '.join(row.takes)})`{' +' if row.is_extension else ''}",
            f"`{row.gives or 'as its argument'}`",
            ", ".join(f"`{clause}`" for clause in row.clauses),
            row.sentence,
            _example(row.example),
        )
        for row in rows
    ]


def _example(text: str) -> str:
    clause, _space, expression = text.partition(" ")
    return _code(f"{clause}={expression}")


def _code(text: str) -> str:
    """A text as code; two back quotes let it hold one."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _small_tables() -> list[str]:
    """Symbols, units, arguments and limits."""
    symbols = [(f"`{letter}`", meaning, LONGEST.get(letter, 2)) for letter, meaning in SYMBOLS.items()]
    units = [(unit, ", ".join(f"`{spelling}`" for spelling in spellings)) for unit, spellings in UNITS.items()]
    metres = [(f"`{unit}`", f"{value:g}") for unit, value in METRES.items()]
    limits = [
        ("characters in a clause", MAX_LENGTH),
        ("levels of parentheses, not and calls", MAX_DEPTH),
        ("conditions and words looked for in a where", MAX_CONDITIONS),
        ("arithmetic operators in a clause", MAX_OPERATORS),
        ("records in a page, last record a page may reach", f"{LARGEST_PAGE}, {LAST_ROW}"),
        ("groups in a page, last group a page may reach", LARGEST_GROUPS),
    ]
    return [
        "## Symbols of date_format\n",
        "One letter writes no zero in front; three letters of `M` or `E` write a short name, four the whole one. A text between"
        " single quotes is copied.\n",
        _table(("letter", "writes", "letters at most"), symbols),
        "## Steps of range over dates\n",
        _table(("unit", "spellings"), units),
        "## Units of distances\n",
        _table(("unit", "metres"), metres),
        "## Arguments of now\n",
        "A singular name sets, a plural one adds; they apply in order. `weekday` goes to the next such day, Monday being 0; "
        "`mondays` … `sundays` to the n-th next or previous one.\n",
        ", ".join(f"`{name}`" for name in ARGUMENTS) + "\n",
        "## Walking a whole dataset +\n",
        "`after=*` asks for the first page of a walk; each answer then carries `after`, the token of the next page, until the"
        " last one. A walk takes any `order_by`, goes past every limit of pages, and costs the same at its end as at its"
        " beginning. A token belongs to the version of the data and to the question it was given for; another one is told by"
        " a 400.\n",
        "## Limits\n",
        _table(("what", "most"), limits),
    ]


def card_page() -> str:
    """The closed lists of a dataset's card and what publication requires."""
    needed = _table(
        ("name", "on screen", "stops publication"),
        [(f"`{r.name}`", r.label, "yes" if r.blocking else "no") for r in REQUIREMENTS],
    )
    parts = ["# The card of a dataset\n", "## Before publication\n", needed]
    for title, terms in (("Themes", THEMES), ("Frequencies", FREQUENCIES)):
        parts += [
            f"## {title}\n",
            _table(
                ("slug", "français", "English"), [(f"`{t.slug}`", t.label, translate(t.label, "en")) for t in terms]
            ),
        ]
    licences = [(f"`{row.slug}`", row.name, translate(row.duty, "en")) for row in LICENCES]
    parts += ["## Licences\n", _table(("slug", "name", "the reuser must"), licences)]
    closures = [
        (
            f"`{row.slug}`",
            row.label,
            translate(row.label, "en"),
            row.article,
            f"13(1)({row.inspire})" if row.inspire else "",
        )
        for row in CLOSURES
    ]
    headers = ("slug", "français", "English", "article", "INSPIRE")
    parts += ["## Reasons for reserved access\n", _table(headers, closures)]
    warned = [(f"`{row.name}`", row.label, row.advice) for row in CARD_WARNINGS]
    parts += ["## Warnings, of what is said alone\n", _table(("name", "on screen", "advice"), warned)]
    names = [(f"`{field.name}`", field.label, translate(field.label, "en")) for field in INSPIRE_FIELDS]
    parts += [
        "## INSPIRE\n",
        "The names of the block `inspire`, in the API that writes and in `metas.parvis.inspire` of a metadata file. Nothing of it is "
        "told unless `scope` is true ([how to describe a dataset](../howto/decrire-pour-inspire.md)).\n",
        _table(("name", "français", "English"), names),
    ]
    for title, terms in _INSPIRE_LISTS:
        rows = [(f"`{t.slug}`", t.label, translate(t.label, "en")) for t in terms]
        parts += [f"### {title}\n", _table(("slug", "français", "English"), rows)]
    bounds = [
        ("`title`", f"a text of {LONGEST_TITLE} characters at most"),
        ("`description`", f"simple HTML, {LONGEST_DESCRIPTION} characters at most"),
        ("`keywords`", f"{MOST_KEYWORDS} words at most"),
        ("`fields`", "by name of column: `label`, `description`, and `labels` by value"),
        (
            "`sources`",
            "by path (`title`, `fields.<name>.label`…): the digest of the text that was translated; not to be written",
        ),
    ]
    parts += [
        "## Translations\n",
        f"`translations` holds, by code of language ({MOST_LANGUAGES} at most), what the card says in it "
        "([how to](../howto/traduire-une-fiche.md)); a sidecar and the API that writes take the same.\n",
        _table(("part", "value"), bounds),
    ]
    return "\n".join(parts)


_INSPIRE_LISTS = (
    ("Themes of INSPIRE", inspire.THEMES),
    ("Topic categories", inspire.TOPICS),
    ("Roles", inspire.ROLES),
    ("Conformity", inspire.DEGREES),
    ("Limitations on public access", inspire.LIMITS),
)


def _documents() -> dict[str, dict[str, Any]]:
    """Both descriptions in English, of a portal that has no name, nor a version: a release changes no address."""
    documents = {"explore": document("", "en"), "parvis": API.document("", "en")}
    return {name: body | {"info": body["info"] | {"version": ""}} for name, body in documents.items()}


def api_page() -> str:
    """Every address of both descriptions, with its parameters and statuses."""
    text = (
        "# Addresses of the API\n\nWritten from `/api/explore/v2.1/openapi.json` and `/api/parvis/v1/openapi.json` (OpenAPI 3.1, in "
        "French, or in English with `lang=en`), which hold the schemas of the answers and stand here as "
        "[openapi-explore.json](openapi-explore.json) and [openapi-parvis.json](openapi-parvis.json), so that a change shows. "
        "Try them at `/api/console/`.\n"
    )
    return text + "".join(map(_api_tables, _documents().values()))


def _api_tables(api: dict[str, Any]) -> str:
    addresses, parameters = [], {}
    for path, operations in api["paths"].items():
        for method, operation in operations.items():
            rows = [_parameter(api, row) for row in operation["parameters"]]
            names = ", ".join(f"`{row['name']}`" for row in rows)
            statuses = ", ".join(sorted(map(str, operation["responses"])))
            addresses.append((f"`{method.upper()} {path}`", operation["summary"], names, statuses))
            parameters |= {_parameter_cells(row): None for row in rows}
    return (
        f"\n## {api['info']['title']}: `{api['servers'][0]['url']}`\n\n"
        + _table(("address", "what it gives", "parameters", "statuses"), addresses)
        + "\n### Parameters\n\n"
        + _table(("name", "where", "what it is for"), list(parameters))
    )


def _parameter(api: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    reference = row.get("$ref", "").rpartition("/")[2]
    return api["components"]["parameters"][reference] if reference else row


def _parameter_cells(row: dict[str, Any]) -> tuple[str, str, str]:
    repeatable = ", repeatable" if row["schema"].get("type") == "array" else ""
    extension_note = " (Parvis’s own.)" if row.get("x-parvis-extension") else ""
    return f"`{row['name']}`", row["in"] + repeatable, row["description"] + extension_note


def charts_page() -> str:
    """How a chart is described: its fields, its types, its calculations."""
    words = {"needed": "yes", "offered": "may be", "no": "no"}
    types = [
        (f"`{m.name}`", m.french, words[m.grouping], words[m.series], words[m.measure], m.most_groups, m.most_series, f"`{m.instead}`")
        for m in MARKS.values()
    ]  # fmt: skip
    calculations = [(f"`{c.name}`", f"`{c.odsql}`", c.french) for c in CALCULATIONS.values()]
    steps = [(f"`{s.name}`", f"`{s.pattern}`", s.french) for s in STEPS.values()]
    return (
        "# Description of a chart\n\nA JSON object, as `/api/parvis/v1/charts/<slug>` gives it and as the pictures of "
        "`/graphiques/-/image.svg?c=…`, `image.png` and `dessin.json` take it. `format` is 1; what is at its default is left out.\n\n"
        "## Chart\n\n"
        + _table(("field", "default", "what it says"), _fields(ChartDescription))
        + "\n## Source\n\n"
        + _table(("field", "default", "what it says"), _fields(SeriesSource))
        + "\n## Types\n\n"
        + _table(("type", "on screen", "grouping", "series", "measure", "groups", "series at most", "instead"), types)
        + "\n## Calculations\n\n"
        + _table(("name", "in ODSQL", "on screen"), calculations)
        + "\n## Steps of time\n\n"
        + _table(("name", "pattern of date_format", "on screen"), steps)
        + "\n## Colours\n\nEach palette is checked under protanopia, deuteranopia and tritanopia. A chart without series has the first "
        "categorical colour; when its title names one or two of its groups or series, these alone keep their colour and the others "
        "have the colour beside. A text on a colour has the ink that is read best on it, black or white where the theme's own are "
        "not read at 4.5:1.\n\n" + _table(("palette", "light", "dark"), _palettes()) + _DRAWN
    )


_DRAWN = """
## What a drawing writes

Pictures hold their font (a subset of Atkinson Hyperlegible Next, 9 kB a weight) and measure their texts with it: long names go on two or three lines,
then lose their middle or their end. Values of a hundred thousand euros and more are counted in k€, M€ or Md€; other values of a million and more in
millions or milliards. An axis of months over more than a year and a half has its labels at years; up to five lines that end together are named there.
Groups called « - », « n.d. », « NC », « s.o. » and the like are no value: they come last, in grey, and no sentence ranks them. A rate (unit « % »,
not added up) moves by points.
"""


def _palettes() -> list[tuple[object, ...]]:
    names = ("categorical", "sequential", "diverging")
    rows: list[tuple[object, ...]] = [
        (f"`{name}`", *(" ".join(f"`{colour}`" for colour in getattr(theme, name)) for theme in (LIGHT, DARK)))
        for name in names
    ]
    return [*rows, ("beside the subject", f"`{LIGHT.muted}`", f"`{DARK.muted}`")]


def maps_page() -> str:
    """How a map is described: its fields, those of its layers, kinds of layers, ways of making classes."""
    kinds = [
        (f"`{row.name}`", row.french, row.geometry, _yes(row.takes_colour), _yes(row.takes_size))
        for row in KINDS.values()
    ]
    methods = [(f"`{row.name}`", row.french) for row in METHODS.values()]
    return (
        "# Description of a map\n\nA JSON object, as `/api/parvis/v1/maps/<slug>` gives it and as the pictures and layers of "
        "`/cartes/-/image.svg?c=…`, `image.png`, `couche-1.geojson` and `lieux.json` take it. `format` is 1; what is at its default "
        "is left out.\n\n## Map\n\n"
        + _table(("field", "default", "what it says"), _fields(MapDescription))
        + "\n## Layer\n\n"
        + _table(("field", "default", "what it says"), _fields(MapLayer))
        + "\n## Kinds of layers\n\n"
        + _table(("kind", "on screen", "drawn from", "colour", "size"), kinds)
        + "\n## Classes\n\n"
        + _table(("name", "on screen"), methods)
    )


def _yes(is_true: bool) -> str:
    return "yes" if is_true else ""


def _fields(kind: type) -> list[tuple[object, ...]]:
    """The attributes of a dataclass with their default and the sentence written under each."""
    body = ast.parse(inspect.getsource(kind)).body[0].body  # type: ignore[attr-defined]
    rows = []
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and "ClassVar" not in ast.unparse(node.annotation):
            docstring = (
                after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            )
            default = ast.unparse(node.value) if node.value is not None else "required"
            default = "{}" if default.startswith("field(") else default
            rows.append(
                (f"`{ast.unparse(node.target)}`", f"`{default}`", " ".join(str(docstring).split()).replace("``", "`"))
            )
    return rows


def pages_page() -> str:
    """The blocks of pages and their fields, as a raw body names them."""
    text = (
        '# Blocks of pages\n\nThe body of a page is a list of blocks, `{"type": …, "value": …}`. A `list` holds values of the '
        "fields under it; a `stream` holds blocks again. Fields that are not required may be left out.\n\n"
    )
    for name, block in BodyBlock().child_blocks.items():
        description = " ".join(str(block.meta.description or "").split())
        rows = list(_block_fields(block, ""))
        text += f"## `{name}`: {block.label}\n\n{description}\n\n"
        text += _table(("field", "kind", "required", "on screen", "advice"), rows) + "\n" if rows else ""
    return text


def _block_fields(block: blocks.Block, place: str) -> Iterator[tuple[object, ...]]:
    """The fields inside a block, those of its lists after them."""
    inner = block.child_blocks.items() if isinstance(block, blocks.StructBlock) else ()
    for name, child in inner:
        kind = (
            "list"
            if isinstance(child, blocks.ListBlock)
            else "stream"
            if isinstance(child, blocks.StreamBlock)
            else "value"
        )
        advice = (
            " ".join(str(getattr(child, "field", child.meta).help_text or "").split())
            if hasattr(child, "field")
            else ""
        )
        yield f"`{place}{name}`", kind, "yes" if child.required else "", str(child.label), advice
        if isinstance(child, blocks.ListBlock):
            yield from _block_fields(child.child_block, f"{place}{name}[].")


def quality_page() -> str:
    """The criteria of quality, their weights and formulas, and what a card should say."""
    rows = [
        (c.label, translate(c.label, "en"), c.weight, c.question, c.formula, translate(c.formula, "en"))
        for c in CRITERIA
    ]
    card_rows = [(f"`{row.name}`", row.label, row.advice) for row in SAID]
    return (
        "# Quality\n\nThe score of a version is the sum over the criteria that apply of weight × share, divided by the sum of "
        "their weights, times 100. Why, and what is measured: [the explanation](../explanation/quality.md).\n\n"
        + _table(("critère", "criterion", "weight", "question", "formule", "formula"), rows)
        + "\n## What a card should say\n\n"
        + _table(("name", "label", "advice"), card_rows)
    )


def database_page() -> str:
    """Every table of Parvis, what a row of it is, and its columns; those of its libraries by name."""
    rooms: dict[str, list[type[Model]]] = {}
    libraries = set()
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("parvis."):
            rooms.setdefault(model._meta.app_label, []).append(model)
        else:
            libraries.add(model._meta.db_table)
    parts = [
        "# Database\n",
        "What is not rows of datasets: cards, versions, people, rights, pages, jobs. Rows are in Parquet files, one folder a version, "
        "beside a `manifest.json` that says all of them again. SQLite: `parvis.sqlite3` in the home; PostgreSQL: `PARVIS_DATABASE_URL`. "
        "Reading is welcome; writing goes through Parvis, which keeps rights, history and the search index.\n",
    ]
    for room, models in rooms.items():
        parts.append(f"## {room}\n")
        for model in models:
            columns = [_database_column(field) for field in model._meta.local_concrete_fields]
            parts.append(f"### `{model._meta.db_table}`\n\n{_model_sentence(model)}\n")
            parts.append(_table(("column", "type", "may be null", "points at", "values"), columns))
    names = ", ".join(f"`{name}`" for name in sorted(libraries))
    parts.append(f"## Tables of Django, Wagtail and allauth\n\nTheir own documentation describes them: {names}.\n")
    return "\n".join(parts)


def _model_sentence(model: type[Model]) -> str:
    if model._meta.auto_created:
        return f"Links of `{model._meta.auto_created._meta.db_table}`, one a row."
    return " ".join((inspect.getdoc(model) or "").split("\n\n")[0].split())


def _database_column(field: Field[Any, Any]) -> tuple[str, ...]:
    target = f"`{field.related_model._meta.db_table}`" if field.related_model else ""
    values = ", ".join(f"`{value}`" for value, _label in field.flatchoices if value != "")
    kind = field.get_internal_type() + (f"({field.max_length})" if field.max_length else "")
    return f"`{field.column}`", kind, "yes" if field.null else "", target, values


def inventory_page() -> str:
    """The usual datasets of a local authority."""
    rows = [
        (
            row.name, row.competence, ", ".join(row.holders), row.population or "", row.duty, row.text,
            "" if row.is_verified else "à vérifier", f"`{row.schema}`" if row.schema else "", "oui" if row.in_socle else "",
        )
        for row in usual_datasets()
    ]  # fmt: skip
    head = ("jeu", "compétence", "qui", "habitants", "obligatoire", "texte", "vérifié", "schéma", "socle")
    return "# Inventory of usual datasets\n\nA reading guide, not legal advice.\n\n" + _table(head, rows)


def recipe_page() -> str:
    """Every step of preparation and its parameters."""
    parts = [
        "# Recipes\n",
        "A recipe is a TOML file: an optional `title`, an optional `comment`, then one `[[step]]` after the other. `do` names the step;\n"
        "the other keys are its parameters. Any step may have a `comment`; a comment line above it becomes one. `off = true` keeps a step without doing it.\n",
        "Conditions are tables `{ column, is, value }`; `is` is one of "
        + ", ".join(f"`{row.value}`" for row in TESTS)
        + ".\nCalculations are tables `{ to, do, column }`; `do` is `rows` or one of "
        + ", ".join(f"`{row.value}`" for row in STEP_FUNCTIONS)
        + ".\n",
    ]
    for row in PREPARATIONS.values():
        rows = [
            (
                f"`{p.name}`", p.kind.value, "yes" if p.required else "", "" if p.default in (None, "") else f"`{p.default}`",
                translate(p.label, "en") + (": " + ", ".join(f"`{c.value}`" for c in p.choices) if p.kind.value == "choice" else ""),
            )
            for p in row.parameters
        ]  # fmt: skip
        parts.append(f"## {row.name}\n\n{translate(row.sentence, 'en')}\n")
        parts.append(_table(("parameter", "kind", "required", "default", "what"), rows))
    return "\n".join(parts)


PAGES = {
    "recipe.md": recipe_page,
    "charts.md": charts_page,
    "maps.md": maps_page,
    "pages.md": pages_page,
    "quality.md": quality_page,
    "inventory.md": inventory_page,
    "database.md": database_page,
    "settings.md": settings_page,
    "errors.md": errors_page,
    "commands.md": commands_page,
    "formats.md": formats_page,
    "columns.md": parsers_page,
    "language.md": language_page,
    "card.md": card_page,
    "api.md": api_page,
}


def _files() -> Iterator[tuple[Path, str]]:
    """Every file made, and what it says."""
    for name, make in PAGES.items():
        yield REFERENCE / name, MADE + make()
    for name, body in _documents().items():
        yield REFERENCE / f"openapi-{name}.json", json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def stale_pages() -> list[str]:
    """Names of the files that no longer say what the code does."""
    return [path.name for path, text in _files() if not path.exists() or path.read_text(encoding="utf-8") != text]


def main() -> int:
    """Write the pages, or only tell the stale ones."""
    if "--check" in sys.argv:
        stale = stale_pages()
        sys.stdout.write("\n".join(stale) + "\n" if stale else "")
        return 1 if stale else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for path, text in _files():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
