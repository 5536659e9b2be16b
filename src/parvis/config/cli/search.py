"""``parvis search``: the indexes made again from what the instance holds."""

from __future__ import annotations

import json
import time
from argparse import Namespace

from parvis.config.cli.progress import Bar, spaced
from parvis.hub.fulltext.libraries import libraries
from parvis.hub.fulltext.writing import rebuild as rebuild_library
from parvis.hub.search.writing import rebuild


def run(args: Namespace) -> None:
    """Make the index of the house again, then that of each library of long documents; readers have the former ones until it is done."""
    started = time.monotonic()
    bar = Bar("Index")
    documents = rebuild(bar)
    long_documents = {library.name: rebuild_library(library, bar) for library in libraries()}
    bar.close()
    seconds = round(time.monotonic() - started, 1)
    if args.json:
        print(json.dumps({"documents": documents, "libraries": long_documents, "seconds": seconds}))
        return
    total = spaced(documents + sum(long_documents.values()))
    print(f"Index de recherche refaits : {total} documents, en {seconds:g} s.".replace(".", ",", 1))
