"""An Explore v2.1 dataset object (the file of ``parvis import --metadata``) as a card of ours: pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from parvis.core.card_translations import checked
from parvis.core.closures import CLOSURE_BY_SLUG, inspire_limits
from parvis.core.columns import LABELS, ColumnType
from parvis.core.errors import DataError
from parvis.core.hvd import CATEGORY_BY_SLUG
from parvis.core.inspire.block import readable
from parvis.core.inspire.elsewhere import as_template, from_template
from parvis.core.inspire.vocabulary import NO_LIMIT
from parvis.core.metadata import LICENCES, THEMES, frequency_slug
from parvis.core.text import fold, slugify
from parvis.core.translation import SOURCE, gettext_noop
from parvis.hub.catalogue.rules import Access


class BadSidecar(DataError):
    """The metadata file is not an Explore v2.1 dataset object."""

    code: ClassVar[str] = "metadata-shape"
    sentence: ClassVar[str] = gettext_noop("La fiche « {file} » n’a pas la forme attendue : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "Un objet « dataset » de l’API Explore v2.1 : dataset_id, metas.default, fields."
    )


TOLD_TEXTS = {
    "default": (
        "license",
        "license_url",
        "timezone",
        "update_frequency",
        "source_domain",
        "source_domain_title",
        "source_domain_address",
        "source_dataset",
        "shared_catalog",
        "parent_domain",
    ),
    "dcat": (
        "accrualperiodicity",
        "creator",
        "contributor",
        "spatial",
        "temporal",
        "granularity",
        "dataquality",
        "publisher_type",
        "conforms_to",
        "relation",
    ),
}
"""Metadata kept in the words of the sidecar, by template."""

TOLD_LISTS = ("geographic_reference", "territory", "attributions", "metadata_languages")
"""The same of the template ``default``, each a list of texts."""

TOLD_INSTANTS = {"default": ("modified",), "dcat": ("created", "issued")}
"""Dates that a portal lets people set; ``modified`` holds until the card or the data change here."""

TOLD_SWITCHES = ("modified_updates_on_metadata_change", "modified_updates_on_data_change")
"""Of the template ``default``: whether such a change moves ``modified``, which it does unless ``false`` is said."""

_UID = re.compile(r"da_[a-z0-9]{6}")

_LONGEST, _MOST, _MOST_TEMPLATES = 10_000, 200, 20
_LONGEST_WORD = 300
"""Characters of a keyword or of a theme; each page, feed and record of a dataset tells all that it has (``_MOST`` at most)."""

OWN_TEMPLATES = frozenset({"default", "dcat", "custom", "explore", "parvis"})
"""Templates that the card has a place for, or that tell of the portal they came from."""

_TEMPLATE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")

_ATTRIBUTION = re.compile(r"\b(?:cc[ -]by|creative commons attribution)\b(?!.*\b(?:nc|nd|sa|non|no|share|[123]\.0)\b)")

_THEME_BY_NAME = {name: theme.slug for theme in THEMES for name in (theme.slug, theme.label)}


def card_from(dataset: Any, file: str) -> dict[str, Any]:
    """The card that the object describes (keys of CARD_FIELDS; what it does not say is absent); BadSidecar for another shape.

    ``file`` is the name used in messages.
    """
    default = _block(dataset, ("metas", "default"), file)
    dcat = _block(dataset, ("metas", "dcat"), file)
    parvis = _block(dataset, ("metas", "parvis"), file)
    fields = dataset.get("fields") or []
    if not isinstance(fields, list) or not all(isinstance(row, Mapping) and row.get("name") for row in fields):
        raise BadSidecar(file=file, reason="« fields » doit être une liste d’objets qui ont un « name »")
    card = {
        "title": _text(default.get("title")),
        "description": _text(default.get("description")),
        # Themes stay in the words of the sidecar, which reusers filter on; only our own names become slugs.
        "themes": list(dict.fromkeys(_THEME_BY_NAME.get(word, word) for word in _bounded(default.get("theme")))),
        "keywords": _bounded(default.get("keyword")),
        "licence": _licence(default),
        "frequency": _frequency(default, dcat),
        "language": _text(default.get("language")),
        "contact_name": _text(dcat.get("contact_name")),
        "contact_email": _text(dcat.get("contact_email")),
        "temporal_start": _day(dcat.get("temporal_coverage_start"), file),
        "temporal_end": _day(dcat.get("temporal_coverage_end"), file),
        **_source(default),
        # Never wider: what another portal kept for some is not public here because nobody said so.
        "access": Access.RESTRICTED if dataset.get("visibility") == "restricted" else "",
        "hvd": [word for word in _words(parvis.get("hvd")) if word in CATEGORY_BY_SLUG],
        "inspire": _inspire(dataset, file),
        "closure": _closure(parvis),
        "closure_note": _text(parvis.get("closure_note"))[:_LONGEST],
        "custom": dict(_block(dataset, ("metas", "custom"), file)),
        "as_told": other_templates(dataset)
        | _as_written({"default": default, "dcat": dcat}, _licence(default), _frequency(default, dcat), file),
        "fields": {str(row["name"]): _described(row) for row in fields},
        "translations": checked(dataset.get("translations") or {}),
        "overrides": _overrides(fields, file),
    }
    return {name: value for name, value in card.items() if value not in ("", None, [], {})}


def legible(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """The same without what no card says: dates that are none, fields without a name; a type that nobody knows is text."""
    types = (None, *map(str, ColumnType))
    fields = dataset.get("fields")
    rows = [row for row in fields if isinstance(row, Mapping) and row.get("name")] if isinstance(fields, list) else []
    metas = dataset.get("metas") if isinstance(dataset.get("metas"), Mapping) else {}
    blocks = {str(name): dict(block) for name, block in (metas or {}).items() if isinstance(block, Mapping)}
    days = {"dcat": ("temporal_coverage_start", "temporal_coverage_end")}
    for readable_as, places in ((_day, days), (_instant, TOLD_INSTANTS)):
        for template, names in places.items():
            for name in names:
                try:
                    readable_as(blocks.get(template, {}).get(name), "")
                except BadSidecar:
                    del blocks[template][name]
    readable_fields = []
    for row in rows:
        kind = row.get("type") if row.get("type") in types else str(ColumnType.TEXT)
        notes = row.get("annotations")
        if not isinstance(notes, Mapping) and not _are_named(notes):
            notes = {}
        readable_fields.append({**row, "type": kind, "annotations": notes})
    return {**dataset, "metas": blocks, "fields": readable_fields}


def _are_named(annotations: Any) -> bool:
    return isinstance(annotations, list) and all(isinstance(one, Mapping) and "name" in one for one in annotations)


def other_templates(dataset: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What its other templates say (``inspire``, ``dublin-core``…), as it came; what is too long for a card is left out.

    What another Parvis made of its INSPIRE block is left out too: it is made again of ours, and would outlive what is corrected there.
    """
    others: dict[str, dict[str, Any]] = {}
    metas = dataset.get("metas") or {}
    parvis = metas.get("parvis")
    block = readable(parvis.get("inspire")) if isinstance(parvis, Mapping) else {}
    made = as_template(block, SOURCE, identifier="-")
    for template, values in metas.items():
        if template in OWN_TEMPLATES or not _TEMPLATE.fullmatch(str(template)) or not isinstance(values, Mapping):
            continue
        told_values = {str(name): value for name, value in values.items() if value not in (None, "", [], {})}
        if template == "inspire":
            told_values = {name: value for name, value in told_values.items() if name not in made}
        bounded = {name: value for name, value in told_values.items() if len(name) <= 100 and _size(value) <= _LONGEST}
        if bounded and len(others) < _MOST_TEMPLATES:
            others[str(template)] = dict(list(bounded.items())[:_MOST])
    return others


def _size(value: Any) -> int:
    try:
        return len(json.dumps(value))
    except (TypeError, ValueError, RecursionError):
        return _LONGEST + 1


def _closure(parvis: Mapping[str, Any]) -> list[str]:
    return [word for word in _words(parvis.get("closure")) if word in CLOSURE_BY_SLUG]


def _inspire(dataset: Mapping[str, Any], file: str) -> dict[str, Any]:
    """The INSPIRE block, as another Parvis tells it; else what the template of Opendatasoft says of it.

    Limits that only follow from its access are told as well: kept, they would stand when it is opened.
    """
    parvis = _block(dataset, ("metas", "parvis"), file)
    own = readable(parvis.get("inspire"))
    is_closed = dataset.get("visibility") == "restricted"
    if own.get("limits") == (inspire_limits(_closure(parvis)) if is_closed else [NO_LIMIT]):
        del own["limits"]
    return own or from_template(_block(dataset, ("metas", "inspire"), file))


def _as_written(
    metas: Mapping[str, Mapping[str, Any]], licence: str, frequency: str, file: str
) -> dict[str, dict[str, Any]]:
    """What the card has no place for, or says in other words, by template and name.

    ``licence`` and ``frequency`` are the slugs these were read as: the words hold as long as nobody has chosen another.
    """
    texts: dict[str, dict[str, Any]] = {}
    for template, names in TOLD_TEXTS.items():
        texts[template] = {name: word[:_LONGEST] for name in names if (word := _text(metas[template].get(name)))}
    for name in TOLD_LISTS:
        if words := _words(metas["default"].get(name)):
            texts["default"][name] = [word[:_LONGEST] for word in words[:_MOST]]
    for template, names in TOLD_INSTANTS.items():
        texts[template] |= {name: stated for name in names if (stated := _instant(metas[template].get(name), file))}
    switches = {name: metas["default"].get(name) for name in TOLD_SWITCHES}
    texts["default"] |= {name: stated for name, stated in switches.items() if isinstance(stated, bool)}
    if licence and texts["default"].keys() & {"license", "license_url"}:
        texts["default"]["license_slug"] = licence
    if "update_frequency" in texts["default"] or "accrualperiodicity" in texts["dcat"]:
        texts["default"]["frequency_slug"] = frequency or "unknown"
    return {template: values for template, values in texts.items() if values}


def publisher_in(dataset: Mapping[str, Any]) -> str:
    """The name of who publishes, empty when it is not said."""
    metas = dataset.get("metas") or {}
    return _text((metas.get("default") or {}).get("publisher"))


def uid_in(dataset: Mapping[str, Any]) -> str:
    """The internal identifier that other portals gave (``da_`` and six characters), empty when it is not such a one."""
    uid = _text(dataset.get("dataset_uid"))
    return uid if _UID.fullmatch(uid) else ""


def _block(dataset: Any, path: tuple[str, ...], file: str) -> Mapping[str, Any]:
    place = dataset
    for name in path:
        if not isinstance(place, Mapping):
            raise BadSidecar(file=file, reason=f"un objet est attendu autour de « {name} »")
        place = {} if place.get(name) is None else place[name]
    if not isinstance(place, Mapping):
        raise BadSidecar(file=file, reason=f"« {'.'.join(path)} » doit être un objet")
    return place


def _frequency(default: Mapping[str, Any], dcat: Mapping[str, Any]) -> str:
    """The slug of the frequency told in either place, empty when neither is known."""
    words = [_text(dcat.get("accrualperiodicity")), _text(default.get("update_frequency"))]
    return next(filter(None, map(frequency_slug, words)), "")


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _words(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [word.strip() for word in listed if isinstance(word, str) and word.strip()]


def _bounded(value: Any) -> list[str]:
    """Of words, those that a card may have: each once, the first of very many."""
    return list(dict.fromkeys(word for word in _words(value) if len(word) <= _LONGEST_WORD))[:_MOST]


def _licence(default: Mapping[str, Any]) -> str:
    """The slug of the licence that is told, ``other`` for one of another name, whose own words are then shown."""
    words = {
        fold(word).rstrip("/") for word in (_text(default.get("license")), _text(default.get("license_url"))) if word
    }
    for licence in LICENCES:
        names = {fold(name).rstrip("/") for name in (licence.slug, licence.name, licence.url)}
        if words & names:
            return licence.slug
    for word in words:
        for clue, slug in (
            ("licence ouverte", "lov2"),
            ("open licence", "lov2"),
            ("odbl", "odbl"),
            ("open database", "odbl"),
            ("cc0", "cc0-1.0"),
        ):
            if clue in word:
                return slug
        if _ATTRIBUTION.search(word):
            return "cc-by-4.0"
    return "other" if words else ""


def _source(default: Mapping[str, Any]) -> dict[str, str]:
    """Where the data come from: an address among the references, words in the attributions."""
    references = _words(default.get("references"))
    addresses = [word for word in references if word.startswith(("http://", "https://"))]
    words = _words(default.get("attributions")) or [word for word in references if word not in addresses]
    return {"source_url": addresses[0][:500] if addresses else "", "source": " ; ".join(words)[:300]}


def _day(value: Any, file: str) -> date | None:
    text = _text(value)[:10]
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadSidecar(file=file, reason=f"« {value} » n’est pas une date") from error


def _instant(value: Any, file: str) -> str:
    """An instant as ISO 8601 with its offset, read in UTC when none is written; empty when nothing is said."""
    text = _text(value)
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadSidecar(file=file, reason=f"« {value} » n’est pas une date") from error
    if moment is None:
        return ""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _annotations(row: Mapping[str, Any]) -> dict[str, Any]:
    """The annotations of a field as scalars, from any of the three spellings."""
    annotations = row.get("annotations") or {}
    if not isinstance(annotations, Mapping):
        annotations = {str(one["name"]): one.get("args") or [] for one in annotations}
    return {name: _labels(value) if name == LABELS else _scalar(value) for name, value in annotations.items()}


def _labels(value: Any) -> Any:
    """Labels of values, of which version 1 makes a list of ``value=label``."""
    return dict(str(one).split("=", 1) for one in value if "=" in str(one)) if isinstance(value, list) else value


def _described(row: Mapping[str, Any]) -> dict[str, Any]:
    scalars = {name: value for name, value in _annotations(row).items() if value is not False}
    description = {
        "label": _text(row.get("label")),
        "description": _text(row.get("description")),
        "unit": _text(scalars.pop("unit", "")),
        "annotations": scalars,
    }
    return {name: value for name, value in description.items() if value}


def _scalar(value: Any) -> Any:
    if isinstance(value, list):
        return value[0] if value else True
    return value


def _overrides(fields: Sequence[Mapping[str, Any]], file: str) -> dict[str, dict[str, Any]]:
    """What changes the reading of a column: its place, its type, and the separator of its values when it holds several.

    Columns come in the order of the fields, wherever a file has them: a map file has its geometry apart.

    A file downloaded with its labels as headers is read as well: what is said under a label gives the column its name back.

    Anyone who chose facets chose them all: a field described without one is proposed none.
    """
    types = [str(kind) for kind in ColumnType]
    names = {str(row["name"]) for row in fields}
    labels = Counter(_text(row.get("label")) for row in fields)
    facets_chosen = any(_annotations(row).get("facet") for row in fields)
    overrides = {}
    for place, row in enumerate(fields, 1):
        name, label = str(row["name"]), _text(row.get("label"))
        if (kind := row.get("type")) and kind not in types:
            raise BadSidecar(file=file, reason=f"le type « {kind} » de « {name} » est inconnu")
        declared = _annotations(row)
        annotations = {"multivalued": declared["multivalued"]} if declared.get("multivalued") else {}
        if declared.get("facet") is False or (
            facets_chosen and row.get("annotations") is not None and "facet" not in declared
        ):
            annotations["facet"] = False
        override = {"type": kind, "annotations": annotations, "place": place}
        overrides[name] = override = {key: value for key, value in override.items() if value}
        if label and label not in names and labels[label] == 1 and slugify(label, "_") != name:
            overrides[label] = {**override, "name": name}
    return overrides
