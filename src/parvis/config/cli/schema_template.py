"""``parvis schemas template``: the spreadsheet to fill that a schema promises."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

from parvis.config.cli.files import whole_file
from parvis.core.errors import DataError
from parvis.core.schemas.templates import template
from parvis.core.translation import gettext_noop
from parvis.packs.schemas import find_or_load


class SchemaWithErrors(DataError):
    """A schema that is itself wrong has no columns to offer."""

    code = "schema-wrong"
    sentence = gettext_noop("Le schéma « {name} » est incorrect : {note}")
    advice = gettext_noop("Prévenez la personne qui tient ce schéma.")


def run(args: Namespace) -> int:
    """Write the template of the schema ``args.name`` (of the catalogue, a file or an address) to ``args.output``."""
    schema = find_or_load(args.name, getattr(args, "version", None))
    if schema.problems:
        raise SchemaWithErrors(name=args.name, note=schema.problems[0].sentence)
    target = Path(args.output or f"{schema.name.rsplit('/', 1)[-1]}.xlsx")
    with whole_file(target) as stream:
        stream.write(template(schema, getattr(args, "language", None) or "fr"))
    facts = {"schema": schema.name, "version": schema.version, "file": str(target), "columns": len(schema.fields)}
    if args.json:
        print(json.dumps(facts, ensure_ascii=False))
    else:
        print(f"{target} : {len(schema.fields)} colonnes, schéma {schema.name} {schema.version}")
    return 0
