"""Make the database that a new instance starts from, as the migrations of this checkout leave it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path


def main() -> None:
    """Migrate in a home of its own, and keep the result with the package."""
    home = Path(tempfile.mkdtemp(prefix="parvis-empty-"))
    os.environ.update(PARVIS_HOME=str(home), PARVIS_DATABASE_URL="")
    try:
        from parvis.config.cli.instance import open_instance  # noqa: PLC0415 reads the home's address
        from parvis.config.cli.prepared import FOLDER, keep_empty_database  # noqa: PLC0415

        shutil.rmtree(FOLDER, ignore_errors=True)  # what was prepared before would be copied
        open_instance(may_create=True)
        keep_empty_database(home / "parvis.sqlite3")
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
