"""A dataset as version 1 describes it: metadata in one level, annotations as a list (specification, section 11.2)."""

from __future__ import annotations

from typing import Any

_INTEROPERABLE = ("dcat", "dublin-core", "inspire", "custom")
# Widgets read the settings of visualizations without looking whether there are any.
_APPLICATION = ("explore", "visualization", "asset_content_configuration", "automation", "semantic")


def v1_dataset(current: dict[str, Any], *, domain: str, interop: bool = True, extra: bool = True) -> dict[str, Any]:
    """The object of version 1 made of that of the present version."""
    basic = _present(current["metas"]["default"])
    body = {
        "datasetid": current["dataset_id"],
        "metas": {"domain": domain, **basic, "visibility": current["visibility"]},
        "basic_metas": basic,
        "has_records": current["has_records"],
        "data_visible": current["data_visible"],
        "features": current["features"],
        "attachments": [_attachment(row) for row in current["attachments"]],
        "alternative_exports": current["alternative_exports"],
        "fields": [_field(row) for row in current["fields"]],
    }
    if interop:
        body["interop_metas"] = {
            name: _present(metas) for name, metas in current["metas"].items() if name in _INTEROPERABLE
        }
    if extra:
        body["extra_metas"] = {name: _present(current["metas"].get(name) or {}) for name in _APPLICATION}
    return body


def _present(metas: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in metas.items() if value is not None}


def _attachment(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "title": row["title"], "mimetype": row["mimetype"], "url": row["url"]}


def _field(row: dict[str, Any]) -> dict[str, Any]:
    described = {name: row[name] for name in ("name", "label", "type")}
    if row["description"]:
        described["description"] = row["description"]
    annotations = [_annotation(name, value) for name, value in row["annotations"].items() if value is not False]
    return {**described, "annotations": annotations} if annotations else described


def _annotation(name: str, value: Any) -> dict[str, Any]:
    """``{"name", "args"}``; a plain mark has no argument, labels of values are one each: ``value=label``."""
    if value is True or value is None:
        return {"name": name}
    if isinstance(value, dict):
        return {"name": name, "args": [f"{key}={item}" for key, item in sorted(value.items())]}
    return {"name": name, "args": [str(item) for item in value] if isinstance(value, list) else [str(value)]}
