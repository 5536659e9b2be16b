"""A dataset as version 1 describes it: metadata in one level, annotations as a list (specification, section 11.2)."""

from __future__ import annotations

from typing import Any

_INTEROPERABLE = ("dcat", "dublin-core", "inspire", "custom")
# Widgets read the settings of visualizations without looking whether there are any.
_APPLICATION = ("explore", "visualization", "asset_content_configuration", "automation", "semantic")


def v1_dataset(found: dict[str, Any], *, domain: str, interop: bool = True, extra: bool = True) -> dict[str, Any]:
    """The object of version 1 made of that of the present version."""
    basic = _present(found["metas"]["default"])
    told = {
        "datasetid": found["dataset_id"],
        "metas": {"domain": domain, **basic, "visibility": found["visibility"]},
        "basic_metas": basic,
        "has_records": found["has_records"],
        "data_visible": found["data_visible"],
        "features": found["features"],
        "attachments": [_attachment(row) for row in found["attachments"]],
        "alternative_exports": found["alternative_exports"],
        "fields": [_field(row) for row in found["fields"]],
    }
    if interop:
        told["interop_metas"] = {
            name: _present(metas) for name, metas in found["metas"].items() if name in _INTEROPERABLE
        }
    if extra:
        told["extra_metas"] = {name: _present(found["metas"].get(name) or {}) for name in _APPLICATION}
    return told


def _present(metas: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in metas.items() if value is not None}


def _attachment(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "title": row["title"], "mimetype": row["mimetype"], "url": row["url"]}


def _field(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: row[name] for name in ("name", "label", "type")}
    if row["description"]:
        told["description"] = row["description"]
    annotations = [_annotation(name, value) for name, value in row["annotations"].items() if value is not False]
    return {**told, "annotations": annotations} if annotations else told


def _annotation(name: str, value: Any) -> dict[str, Any]:
    """``{"name", "args"}``; a plain mark has no argument."""
    if value is True or value is None:
        return {"name": name}
    return {"name": name, "args": [str(item) for item in value] if isinstance(value, list) else [str(value)]}
