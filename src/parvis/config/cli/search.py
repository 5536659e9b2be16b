"""``parvis search``: the index made again from what the instance holds."""

from __future__ import annotations

import json
import time
from argparse import Namespace

from parvis.config.cli.progress import Bar, spaced
from parvis.hub.search.writing import rebuild


def run(args: Namespace) -> None:
    """Make the whole index again; readers have the former one until it is done."""
    started = time.monotonic()
    bar = Bar("Index")
    documents = rebuild(bar)
    bar.close()
    seconds = round(time.monotonic() - started, 1)
    if args.json:
        print(json.dumps({"documents": documents, "seconds": seconds}))
    else:
        print(f"Index de recherche refait : {spaced(documents)} documents, en {seconds:g} s.".replace(".", ",", 1))
