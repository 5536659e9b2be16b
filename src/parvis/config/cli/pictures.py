"""``parvis pictures``: pictures of the library received by an older version, written again without what cameras wrote in them."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from parvis.config.cli.main import DONE, WRONG
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.uploads.older import Looked, rewrite_library


def run(args: Namespace) -> int:
    """Write them again: 0 when all are clean, 1 when some could not be and are left as they were."""
    looked = []
    for picture in rewrite_library(OPERATOR):
        looked.append(picture)
        if not args.json:
            _report(picture)
    rewritten = sum(picture.rewritten for picture in looked)
    left = [picture for picture in looked if picture.error is not None or picture.missing]
    if args.json:
        names = [picture.name for picture in left]
        print(json.dumps({"pictures": len(looked), "rewritten": rewritten, "left": names}, ensure_ascii=False))
    else:
        print(f"{len(looked)} images regardées, {rewritten} réécrites, {len(left)} laissées telles quelles.")
    return WRONG if left else DONE


def _report(picture: Looked) -> None:
    if picture.missing:
        print(f"{picture.name} : le fichier manque.", file=sys.stderr)
    elif picture.error is not None:
        print(f"{picture.name} : {picture.error.message('fr')}", file=sys.stderr)
    elif picture.rewritten:
        print(f"{picture.name} : réécrite.")
