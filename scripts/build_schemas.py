"""Renew the table schemas shipped with Parvis (``src/parvis/packs/schemas``) from the published catalogue.

    python scripts/build_schemas.py --date 2026-08-22                    # from schema.data.gouv.fr
    python scripts/build_schemas.py --date 2026-08-22 --mirror public/   # from a copy of the site's public folder

What the sources are: ``SOURCE.md`` beside the result.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from parvis.packs.schemas import BUNDLED
from parvis.packs.schemas.update import PUBLISHED, update


def main(arguments: Sequence[str] | None = None) -> int:
    """Renew the folder named on the command line and tell what is new; 0 when done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", required=True, help="the day of the catalogue, YYYY-MM-DD")
    parser.add_argument("--url", default=PUBLISHED, help="address of the catalogue")
    parser.add_argument("--mirror", type=Path, help="a copy of the public folder of the site, read instead of the web")
    parser.add_argument("--output", type=Path, default=BUNDLED)
    options = parser.parse_args(arguments)

    def from_mirror(url: str) -> bytes:
        path = urlsplit(url).path.removeprefix("/")
        copy = options.mirror / path
        return (copy if copy.is_file() else options.mirror / Path(path).name).read_bytes()

    get = from_mirror if options.mirror else None
    outcome = update(options.output, options.url, date=options.date, get=get)
    for line in (*outcome.new, *(f"left out: {line}" for line in outcome.left_out)):
        sys.stdout.write(line + "\n")
    sys.stdout.write(f"{outcome.schemas} schemas, {outcome.versions} versions\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
