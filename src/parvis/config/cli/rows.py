"""``parvis rows``: push the rows of a file into a dataset that takes them."""

from __future__ import annotations

import json
import uuid
from argparse import Namespace
from itertools import batched

from parvis.config.cli.row_files import AT_ONCE, report_batches, rows_of_file
from parvis.core.rowlog.received import JSON_TYPE
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.selectors import dataset
from parvis.hub.rowlog.services.pushing import Sending, push


def run(args: Namespace) -> int:
    """Push them by batches; 1 when some were refused."""
    row = dataset(OPERATOR, args.dataset_id)
    name = args.name or uuid.uuid4().hex
    receipts = []
    for rank, batch in enumerate(batched(rows_of_file(args.file), AT_ONCE, strict=False)):
        sending = Sending("operator", token=f"{name}-{rank}", operation=args.operation, is_whole=args.whole)
        receipt = push(OPERATOR, row, json.dumps(batch).encode(), JSON_TYPE, sending)
        head, is_kept = receipt.head, bool(receipt.head.number)
        receipts.append(
            {
                "batch": head.number,
                "put": head.put if is_kept else 0,
                "deleted": head.deleted if is_kept else 0,
                "refused": head.refused,
                "refusals": [refusal.to_dict() for refusal in receipt.refusals],
            }
        )
    return report_batches(args, receipts)
