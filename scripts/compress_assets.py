"""Compress the static files of this checkout once, so that no new instance has to."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path


def main() -> None:
    """Collect them in a home of its own, and keep their compressed forms with the package."""
    home = Path(tempfile.mkdtemp(prefix="parvis-assets-"))
    os.environ.update(PARVIS_HOME=str(home), PARVIS_DATABASE_URL="", DJANGO_SETTINGS_MODULE="parvis.config.settings")
    try:
        import django  # noqa: PLC0415 reads the home's address

        django.setup()
        from parvis.config.cli.assets import PREPARED, keep_compressed  # noqa: PLC0415
        from parvis.config.cli.serve import collect_assets  # noqa: PLC0415

        PREPARED.unlink(missing_ok=True)
        collect_assets()
        keep_compressed(home / "static")
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
