"""What a portal says of itself besides its data: lists of people, groups, pages, reuses and rules, read where nothing is trusted.

Each reader is run in a confined child and gives short texts alone, under names of ours, whichever release of the portal wrote them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from parvis.core.sources.answers import json_answer
from parvis.core.sources.chart_settings import charts_in
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.text import seen_text
from parvis.core.translation import Sentence

MOST_PAGE_LETTERS: Final = 1_000_000
"""Of the HTML of one page, style left out."""
MOST_FILTER_LETTERS: Final = 20_000
"""Of the filter of a rule; one that is longer is told as cut."""
_SHORT: Final = 300
_LONG: Final = 4_000
_MOST_WORDS: Final = 200


@dataclass(frozen=True, slots=True)
class FarList:
    """A page of a list: its rows as JSON texts, how many the portal says there are (None when it does not)."""

    rows: Sequence[str]
    total: int | None = None
    read: int = 0
    """How many rows the portal gave, those that name nothing included."""

    def facts(self) -> list[dict[str, Any]]:
        """The rows."""
        return [json.loads(row) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Openness:
    """What an Explore API shows of a dataset to who asks."""

    fields: Sequence[str]
    data_visible: bool


def read_list(answer: Path, kind: str) -> FarList:
    """A page of a list of that kind (a key of ``KINDS``); what names nothing is left out."""
    document = json_answer(answer)
    rows, total = document, None
    if isinstance(document, Mapping):
        rows = next((document[name] for name in _LISTS if isinstance(document.get(name), list)), None)
        count = next((document[name] for name in _TOTALS if isinstance(document.get(name), int)), None)
        total = count if isinstance(count, int) and not isinstance(count, bool) else None
    if not isinstance(rows, list):
        raise UnreadableAnswer(file="", reason=Sentence("une liste est attendue"))
    read = KINDS[kind]
    facts = (read(_unwrapped(row)) for row in rows if isinstance(row, Mapping))
    return FarList([json.dumps(row, ensure_ascii=False) for row in facts if row], total, len(rows))


def read_openness(answer: Path) -> Openness:
    """What the object of a dataset shows."""
    document = json_answer(answer)
    fields = document.get("fields") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or not isinstance(fields, list):
        raise UnreadableAnswer(file="", reason=Sentence("« fields » est attendu"))
    names = [_text(field.get("name")) for field in fields if isinstance(field, Mapping)]
    return Openness(names, document.get("data_visible") is not False)


def read_total(answer: Path, name: str = "total_count") -> int:
    """How many rows an answer of the Explore API says there are (``nhits`` in its first version)."""
    document = json_answer(answer)
    total = document.get(name) if isinstance(document, Mapping) else None
    if not isinstance(total, int) or isinstance(total, bool):
        raise UnreadableAnswer(file="", reason=Sentence("« {name} » est attendu", {"name": name}))
    return total


_LISTS = ("results", "items", "reuses", "pages", "datasets")
_TOTALS = ("total_count", "nhits", "total")
_WRAPPERS = ("reuse", "page", "dataset")


def _unwrapped(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The thing itself, where the second version puts it beside its links."""
    for name in _WRAPPERS:
        inner = row.get(name)
        if isinstance(inner, Mapping):
            return inner
    return row


def _text(value: Any, most: int = _SHORT) -> str:
    return " ".join(seen_text(_sound(value)).split())[:most] if isinstance(value, str) else ""


def _sound(text: str) -> str:
    """The same without what no database keeps: halves of characters, NUL."""
    return text.encode("utf-8", "ignore").decode().replace("\0", "")


def _words(value: Any) -> list[str]:
    texts = (_text(part) for part in value[:_MOST_WORDS]) if isinstance(value, list) else ()
    return [text for text in texts if text]


def _in_languages(value: Any, most: int) -> dict[str, str]:
    """A text by language; one that has none is under the empty one."""
    if isinstance(value, str):
        return {"": _sound(value[:most])}
    if not isinstance(value, Mapping):
        return {}
    texts = {_text(str(name), 8): text for name, text in list(value.items())[:20] if isinstance(text, str) and text}
    return {name: _sound(text[:most]) for name, text in texts.items()}


def _user(row: Mapping[str, Any]) -> dict[str, Any]:
    email = _text(row.get("email")).lower()
    groups = row.get("groups")
    names = (
        [_text(part.get("uid") or part.get("group_id")) for part in groups[:_MOST_WORDS] if isinstance(part, Mapping)]
        if isinstance(groups, list)
        else []
    )
    return {
        "identifier": email,
        "title": " ".join(filter(None, (_text(row.get("first_name"), 60), _text(row.get("last_name"), 60)))) or _text(row.get("display_name"), 120),
        "first_name": _text(row.get("first_name"), 60),
        "last_name": _text(row.get("last_name"), 60),
        "permissions": sorted(_words(row.get("permissions"))),
        "groups": sorted(filter(None, names)),
        "is_active": row.get("is_active") is not False,
        "is_of_the_supplier": row.get("is_ods") is True,
        "last_seen": _text(row.get("last_seen_at") or row.get("last_seen"), 40),
    } if email else {}  # fmt: skip


def _group(row: Mapping[str, Any]) -> dict[str, Any]:
    name = _text(row.get("uid") or row.get("group_id"))
    count = row.get("user_count")
    return {
        "identifier": name,
        "title": _text(row.get("title")) or name,
        "text": _text(row.get("description"), _LONG),
        "permissions": sorted(_words(row.get("permissions"))),
        "people": int(count) if isinstance(count, int | float) and not isinstance(count, bool) else None,
    } if name else {}  # fmt: skip


def _page(row: Mapping[str, Any]) -> dict[str, Any]:
    slug = _text(row.get("slug"), 200)
    content = row.get("content")
    html: dict[str, str] = {}
    if isinstance(content, Mapping):
        if "html" in content:
            html = _in_languages(content["html"], MOST_PAGE_LETTERS)
        else:  # the former management API: a text by place of the layout
            for place in content.values():
                for language, text in _in_languages(
                    place.get("text") if isinstance(place, Mapping) else None, MOST_PAGE_LETTERS
                ).items():
                    html[language] = f"{html.get(language, '')}{text}"[:MOST_PAGE_LETTERS]
    titles = _in_languages(row.get("title"), _SHORT)
    return {
        "identifier": slug,
        "title": _text(titles.get("fr") or next(iter(titles.values()), "")) or slug,
        "text": _text(row.get("description"), _LONG),
        "tags": _words(row.get("tags")),
        "html": html,
        "is_restricted": row.get("is_restricted") is True or row.get("restricted") is True or row.get("public") is False,
        "is_archived": row.get("is_archived") is True,
        "is_pushed": row.get("is_pushed_by_parent") is True or row.get("pushed_by_parent") is True,
        "has_content": isinstance(content, Mapping),
    } if slug else {}  # fmt: skip


def _reuse(row: Mapping[str, Any]) -> dict[str, Any]:
    user = row.get("user")
    author = user if isinstance(user, Mapping) else {}
    identifier = _text(str(row.get("id") or "") or row.get("url"), 200)
    title = _text(row.get("title"), 200)
    return {
        "identifier": identifier,
        "title": title,
        "text": _text(row.get("description"), _LONG),
        "url": _text(row.get("url"), 500),
        "thumbnail": _text(row.get("thumbnail"), 1000),
        "created": _text(row.get("createdAt") or row.get("created_at"), 40),
        "author": " ".join(filter(None, (_text(author.get("first_name")), _text(author.get("last_name"))))) or _text(author.get("username")),
    } if identifier and title else {}  # fmt: skip


def _dataset(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the catalogue says of a dataset besides its card: where it comes from, how often it was asked."""
    metas = row.get("metas")
    parts = metas if isinstance(metas, Mapping) else {}
    default, explore = (part if isinstance(part := parts.get(name), Mapping) else {} for name in ("default", "explore"))
    return {
        "identifier": _text(row.get("dataset_id")),
        "title": _text(default.get("title")),
        "uid": _text(row.get("dataset_uid"), 40),
        "has_records": row.get("has_records") is True,
        "source_domain": _text(default.get("source_domain")),
        "source_domain_title": _text(default.get("source_domain_title")),
        "source_domain_address": _text(default.get("source_domain_address")),
        "counts": {
            name: value
            for name, value in explore.items()
            if name in COUNTS and isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**15
        },
    } if row.get("dataset_id") else {}  # fmt: skip


COUNTS: Final = (
    "download_count",
    "api_call_count",
    "attachment_download_count",
    "file_field_download_count",
    "reuse_count",
)
"""What portals count of a dataset, among the metadata of its template ``explore``."""


_MOST_SERIES = 20
_LONGEST_CHARTS = 200_000
_OTHER_TABS = {"calendar": "calendar", "image": "image", "custom_view": "custom"}
"""How the settings begin of tabs that datasets do not have here."""


def _views(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the tabs of a dataset show there: its charts, its map, its table, under the names of its template ``visualization``."""
    metas = row.get("metas")
    template = metas.get("visualization") if isinstance(metas, Mapping) else None
    values = {
        str(name): value["value"] if isinstance(value, Mapping) and "value" in value else value
        for name, value in (template.items() if isinstance(template, Mapping) else ())
    }
    text = values.get("analyze_default")
    charts = [] if values.get("analyze_disabled") is True else list(charts_in(_document(text)))[:_MOST_SERIES]
    others = {
        tab
        for start, tab in _OTHER_TABS.items()
        for name, value in values.items()
        if name.startswith(f"{start}_") and value not in (None, "", False, [], {})
    }
    return {
        "identifier": _text(row.get("dataset_id")),
        "title": _text(row["metas"]["default"].get("title")) if _has_card(row) else "",
        "charts": [_sound_chart(chart) for chart in charts],
        "is_unread": bool(text) and not charts and values.get("analyze_disabled") is not True,
        "map": _map_of(values),
        "table": {
            "columns": _names(values.get("table_fields")),
            "order": _text(values.get("table_default_sort_field")),
            "direction": _text(values.get("table_default_sort_direction"), 8),
        },
        "others": sorted(others),
    } if row.get("dataset_id") else {}  # fmt: skip


def _has_card(row: Mapping[str, Any]) -> bool:
    metas = row.get("metas")
    return isinstance(metas, Mapping) and isinstance(metas.get("default"), Mapping)


def _document(value: Any) -> Any:
    """What is kept as a text of JSON, or as itself."""
    if not isinstance(value, str) or len(value) > _LONGEST_CHARTS:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _sound_chart(chart: Mapping[str, Any]) -> dict[str, Any]:
    filters = {_text(name): [_sound(part) for part in parts] for name, parts in chart["filters"].items()}
    settings = {name: _sound(value) for name, value in chart["settings"].items()}
    return {**chart, "dataset": _sound(chart["dataset"]), "filters": filters, "settings": settings}


def _map_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Its colour, or the field that gives it, and what is said of a place; nothing of a map that nobody settled."""
    colour = values.get("map_marker_color")
    parts = colour if isinstance(colour, Mapping) else _document(colour)
    rule = parts if isinstance(parts, Mapping) else {}
    facts = {
        "colour": _text(rule.get("color") or (colour if isinstance(colour, str) and not rule else ""), 40),
        "field": _text(rule.get("field")),
        "title": _text(values.get("map_tooltip_title")),
        "columns": _names(values.get("map_tooltip_fields")),
        "is_written": values.get("map_tooltip_html_enabled") is True,
    }
    return facts if any(facts.values()) else {}


def _names(value: Any) -> list[str]:
    """Names of fields: a list, or a text between commas."""
    return _words(value.split(",") if isinstance(value, str) else value)


def _settled(row: Mapping[str, Any]) -> dict[str, Any]:
    """A dataset as the Automation API tells it: its own rules for who has no other."""
    security = row.get("default_security")
    return {
        "identifier": _text(row.get("dataset_id")),
        "uid": _text(row.get("uid"), 40),
        "is_restricted": row.get("is_restricted") is True,
        "is_published": row.get("is_published") is not False,
        "rule": _rule(security if isinstance(security, Mapping) else {}),
    } if row.get("dataset_id") else {}  # fmt: skip


def _rule(security: Mapping[str, Any]) -> dict[str, Any]:
    visible = security.get("visible_fields")
    words, query = _text(security.get("filter_query"), _LONG), security.get("filter_query")
    facts = {
        "data_visible": security.get("is_data_visible") is not False,
        "fields": _words(visible) if isinstance(visible, list) else ["*"],
        "filter": words,
    }
    # What is shown of a filter is not always the filter: spaces inside a value count, and one that is cut would let more be seen.
    if not isinstance(query, str) or query.strip() == words:
        return facts
    return {**facts, "query": _sound(query[: MOST_FILTER_LETTERS + 1])}


def _ruleset(row: Mapping[str, Any]) -> dict[str, Any]:
    group, user, security = row.get("group"), row.get("user"), row.get("security")
    name = _text(group.get("uid") or group.get("group_id")) if isinstance(group, Mapping) else ""
    person = _text(user.get("username")) if isinstance(user, Mapping) else ""
    own = security if isinstance(security, Mapping) else row
    return {
        "identifier": f"group:{name}" if name else f"user:{person}",
        "permissions": sorted(_words(row.get("permissions"))),
        "rule": _rule(own),
    } if name or person else {}  # fmt: skip


KINDS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "users": _user,
    "groups": _group,
    "pages": _page,
    "reuses": _reuse,
    "datasets": _dataset,
    "views": _views,
    "settled": _settled,
    "rulesets": _ruleset,
}
"""What a list may be of, and how one of its rows is read."""


def is_whole(rule: Mapping[str, Any]) -> bool:
    """Whether a rule hides nothing."""
    return bool(rule.get("data_visible")) and rule.get("fields") in (["*"], None) and not rule.get("filter")


def all_of(rows: Sequence[Mapping[str, Any]], name: str) -> Iterator[str]:
    """The texts that rows have under a name, once each, in order."""
    yield from dict.fromkeys(str(row[name]) for row in rows if row.get(name))


def read_groups(answer: Path) -> FarList:
    """The rows of an aggregation, whose cells are texts and numbers."""
    document = json_answer(answer)
    rows = document.get("results") if isinstance(document, Mapping) else None
    if not isinstance(rows, list):
        raise UnreadableAnswer(file="", reason=Sentence("« results » est attendu"))
    cells = (
        {
            _text(str(name)): value if isinstance(value, int | float | None) else _sound(str(value))[:_SHORT]
            for name, value in row.items()
        }
        for row in rows
        if isinstance(row, Mapping)
    )
    return FarList([json.dumps(row, ensure_ascii=False) for row in cells])
