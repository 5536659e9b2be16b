"""The conditions of a drawing in the form of its maker, which is drawn again whole after each choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.safestring import SafeString

from parvis.core.columns import TableShape
from parvis.core.odsql.criteria import fault_in, read_criteria, write_criteria
from parvis.hub.drawings.menu_sources import MenuSource
from parvis.hub.drawings.menus import CriteriaMenu


def condition_menu(shape: TableShape, source: MenuSource | None = None) -> CriteriaMenu:
    """The menus of the conditions of a drawing, over columns that are known; ``source`` proposes their values."""
    menu = CriteriaMenu(dataset_field="jeu", lines=3)
    menu.source = replace(source or MenuSource(), known=shape)
    return menu


def condition_text(query: Mapping[str, str], prefix: str, shape: TableShape) -> str:
    """The conditions of a drawing as its fields say them, what is still missing included."""
    written = condition_menu(shape).value_from_datadict(query, {}, f"{prefix}condition")
    return "\n".join(line.strip() for line in (written or "").splitlines() if line.strip())[:4_000]


def whole_conditions(text: str, shape: TableShape) -> tuple[str, ...]:
    """What conditions ask; rows whose value is still to be given ask nothing."""
    conditions = tuple(text.splitlines())
    criteria = read_criteria(conditions, shape)
    whole = criteria.without(lambda row: fault_in(row, shape) == "missing") if criteria else None
    return conditions if whole is None or whole == criteria else write_criteria(whole, shape)


def condition_lines(where: Iterable[str]) -> str:
    """Conditions as their field has them: one a line, so that each stays a filter of the table of rows."""
    return "\n".join(" ".join(one.split("\n")) for one in where)


def shown_condition(where: Iterable[str], shape: TableShape, typed: Mapping[str, str], prefix: str) -> str:
    """The conditions of a drawing, or what was begun of them."""
    begun = condition_text(typed, prefix, shape)
    is_whole = whole_conditions(begun, shape) == tuple(begun.splitlines())
    return condition_lines(where) if is_whole else begun


def drawn_condition(
    text: str, shape: TableShape, source: MenuSource, dataset: str, prefix: str, id_: str
) -> SafeString:
    """The menus of the conditions of a drawing."""
    menu = condition_menu(shape, source)
    menu.dataset, menu.is_being_filled = dataset, True
    return menu.render(f"{prefix}condition", text, {"id": id_})
