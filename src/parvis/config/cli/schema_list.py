"""``parvis schemas list``, ``show`` and ``update``: which schemas there are, and what one asks for."""

from __future__ import annotations

import json
import os
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from parvis.core.schemas import Field, TableSchema
from parvis.core.schemas.vocabulary import TYPE_BY_NAME
from parvis.packs import schemas
from parvis.packs.schemas.update import PUBLISHED, update


def own_folder() -> Path | None:
    """Where this instance keeps schemas fetched since the release; None without an instance."""
    home = Path(os.environ.get("PARVIS_HOME", "parvis-home"))
    return home / "schemas" if home.is_dir() else None


def show_list(args: Namespace) -> int:
    """One line a schema: name, newest version, title."""
    entries = schemas.bundled(own_folder())
    if args.json:
        rows = [
            {
                "name": entry.name,
                "title": entry.title,
                "versions": [row.version for row in entry.versions],
                "labels": list(entry.labels),
                "licence": entry.licence,
            }
            for entry in entries
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    width = max(len(entry.name) for entry in entries)
    for entry in entries:
        print(f"{entry.name:<{width}}  {entry.latest.version:<8}  {entry.title}")
    return 0


def show_one(args: Namespace) -> int:
    """The fields of a schema, what they ask for, its keys and checks."""
    schema = schemas.find_or_load(args.name, args.version, own_folder())
    if args.json:
        print(json.dumps(dict(schema.raw), ensure_ascii=False, indent=1))
        return 0
    print(f"{schema.name} {schema.version} — {schema.title}")
    if schema.description:
        print(schema.description)
    print()
    for field in schema.fields:
        print(f"  {field.name}{' *' if field.required else ''} : {_requirements(field)}")
        if field.title:
            print(f"      {field.title}")
    print("\n* colonne obligatoire" if any(field.required for field in schema.fields) else "")
    _print_rest(schema)
    return 0


def _requirements(field: Field) -> str:
    """Type, format and constraints, in a line."""
    parts = [field.type if field.format == "default" else f"{field.type} ({field.format})"]
    for name in (*TYPE_BY_NAME[field.type].constraints, "unique"):
        limit: Any = field.constraints.get(name)
        if limit is None or name == "required":
            continue
        parts.append("sans doublon" if name == "unique" else f"{name} {_short(limit)}")
    return ", ".join(parts)


def _short(limit: Any) -> str:
    text = " | ".join(map(str, limit)) if isinstance(limit, list) else str(limit)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _print_rest(schema: TableSchema) -> None:
    if schema.primary_key:
        print(f"clé : {', '.join(schema.primary_key)}")
    for check in schema.checks:
        named = ", ".join(f"{key} = {_short(value)}" for key, value in check.params.items())
        print(f"contrôle : {check.name} ({named})")


def renew(args: Namespace) -> int:
    """Fetch the schemas published since, into the folder of the instance."""
    folder = own_folder() or Path(os.environ.get("PARVIS_HOME", "parvis-home")) / "schemas"
    outcome = update(folder, args.url or PUBLISHED, date=datetime.now(UTC).date().isoformat())
    if args.json:
        facts = {"schemas": outcome.schemas, "versions": outcome.versions, "new": list(outcome.new)}
        print(json.dumps(facts | {"left_out": list(outcome.left_out)}, ensure_ascii=False))
        return 0
    for line in outcome.new:
        print(f"nouveau : {line}")
    for line in outcome.left_out:
        print(f"laissé de côté : {line}")
    print(f"{outcome.schemas} schémas, {outcome.versions} versions")
    return 0
