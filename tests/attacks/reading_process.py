"""Reads one file in a process of little memory, as an import (``import``) or a check (``strict``) does, and says how it went."""

from __future__ import annotations

import resource
import sys
import tempfile
from pathlib import Path

from parvis.core.errors import ParvisError
from parvis.core.formats import read
from parvis.core.schemas.model import Field, TableSchema
from parvis.core.staging import open_workspace
from parvis.core.validation.validator import validate

MEMORY = 3 * 1024**3


def main(how: str, path: Path) -> str:
    """The code of the refusal, or ``read``."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with tempfile.TemporaryDirectory() as folder:
        try:
            if how == "strict":
                schema = TableSchema("essai", "1", "", "", (Field("1", "any"),))
                kind = (
                    "xls"
                    if path.read_bytes().startswith(b"\xd0")
                    else "ods"
                    if b"opendocument" in path.read_bytes()
                    else "xlsx"
                )
                validate(path, schema, Path(folder), strict=True, name=f"f.{kind}")
            else:
                with open_workspace(Path(folder)) as workspace:
                    read(path, workspace, name="f")
        except ParvisError as refusal:
            return refusal.code
    return "read"


if __name__ == "__main__":
    print(main(sys.argv[1], Path(sys.argv[2])))
