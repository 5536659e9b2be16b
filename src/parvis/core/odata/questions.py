"""The options of an address, read and checked: which properties, which rows, in what order, and where the page begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parvis.core.odata.aggregation import Applied, Stage, bind_apply
from parvis.core.odata.binding import Binder, orders_of, search_of
from parvis.core.odata.edm import EntitySet, Property
from parvis.core.odata.errors import BadOption, UnknownProperty, UnsupportedOption
from parvis.core.odata.parser import parse_filter, parse_orderby, parse_search
from parvis.core.odsql.bound import ALWAYS, Every, Order, Test
from parvis.core.odsql.errors import suggestion

OPTIONS = ("select", "filter", "orderby", "top", "skip", "count", "search", "apply", "skiptoken", "format")
REFUSED = ("expand", "compute", "deltatoken", "levels", "index", "schemaversion", "id")
"""System options of the standard that this service does not take."""
FURTHEST = 2**62
MAX_SELECTED = 5_000


@dataclass(frozen=True, slots=True)
class Question:
    """What an address asks of an entity set; ``top`` is None for every row; ``walk`` is all that a place in it is bound to.

    ``stages`` are the groupings that come before all the rest, which is about the table that they make.
    """

    properties: tuple[Property, ...]
    is_chosen: bool
    where: Test
    orders: tuple[Order, ...]
    top: int | None
    skip: int
    counts: bool
    token: str
    walk: tuple[str, ...]
    timezone: str
    stages: tuple[Stage, ...] = ()


def options_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The options of an address, by name without their sign (4.01 lets it out), and the aliases ``@name``.

    BadOption for one that comes twice or that the standard does not have, UnsupportedOption for one that it has and we do not.
    """
    options: dict[str, str] = {}
    for written, value in pairs:
        name = written.removeprefix("$").lower()
        if written.startswith("@"):
            options.setdefault(written, value)
            continue
        if name in REFUSED:
            raise UnsupportedOption(what=f"${name}")
        if name not in OPTIONS:
            if written.startswith("$"):
                expected = ", ".join(f"${option}" for option in OPTIONS)
                raise BadOption(option=written[:100], value=value[:100], expected=expected)
            continue  # options of one's own are let pass
        if name in options:
            raise BadOption(option=f"${name}", value=value[:100], expected="1")
        options[name] = value
    return options


def read_question(entity: EntitySet, options: Mapping[str, str], timezone: str) -> Question:
    """The question that options put to an entity set; the errors of ``core.odata.errors``."""
    aliases = {name: text for name, text in options.items() if name.startswith("@")}
    applied = Applied((), entity, ALWAYS)
    if text := options.get("apply", "").strip():
        applied = bind_apply(entity, text, aliases, timezone)
        entity = applied.entity
    tests: list[Test] = [] if applied.where == ALWAYS else [applied.where]
    if text := options.get("filter", "").strip():
        tests.append(Binder(entity, "$filter", timezone).true(parse_filter(text, aliases)))
    if text := options.get("search", "").strip():
        tests.append(search_of(parse_search(text)))
    orders: tuple[Order, ...] = ()
    if text := options.get("orderby", "").strip():
        orders = orders_of(entity, parse_orderby(text, aliases), timezone)
    properties = _selected(entity, options.get("select", ""))
    return Question(
        properties=entity.properties if properties is None else properties,
        is_chosen=properties is not None or bool(applied.stages),
        where=Every(tuple(tests)) if tests else ALWAYS,
        orders=orders,
        top=_whole("top", options["top"]) if options.get("top", "").strip() else None,
        skip=_whole("skip", options.get("skip", "").strip() or "0"),
        counts=_boolean("count", options.get("count", "")),
        token=options.get("skiptoken", ""),
        walk=(
            "odata",
            timezone,
            *(options.get(name, "") for name in ("apply", "filter", "search", "orderby")),
            repr(aliases),
        ),
        timezone=timezone,
        stages=applied.stages,
    )


def _selected(entity: EntitySet, text: str) -> tuple[Property, ...] | None:
    """The properties of ``$select``, each once, in the order of the type; None for all of them."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names or "*" in names:
        return None
    if len(names) > MAX_SELECTED:
        raise BadOption(option="$select", value=str(len(names)), expected=f"<= {MAX_SELECTED}")
    for name in names:
        if entity.get(name) is None:
            known_names = [row.name for row in entity]
            raise UnknownProperty(option="$select", name=name[:100], **suggestion(name[:100], known_names))
    return tuple(row for row in entity if row.name in names)


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) < FURTHEST):
        raise BadOption(option=f"${name}", value=text[:100], expected="0, 1, 2…")
    return int(text)


def _boolean(name: str, text: str) -> bool:
    if text.strip().lower() not in ("", "true", "false"):
        raise BadOption(option=f"${name}", value=text[:100], expected="true | false")
    return text.strip().lower() == "true"
