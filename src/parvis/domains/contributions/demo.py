"""The contributions of the demonstration: what tells the rows of some datasets apart, and a few proposals, invented."""

from __future__ import annotations

from parvis.domains.contributions.decisions import accept
from parvis.domains.contributions.models import Opening, Proposal
from parvis.domains.contributions.proposing import propose
from parvis.domains.contributions.rules import Kind
from parvis.domains.contributions.tables import table_of
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.selectors import dataset_called
from parvis.hub.visitors.rules import Visitor
from parvis.packs.bundled_files import demo_rows

_VISITOR = Visitor("demonstration", proven=True)


def load_demo() -> None:
    """Confirm the keys, and write the proposals of datasets that have none yet."""
    pack = demo_rows("contributions")
    for dataset_id, key in pack["keys"].items():
        dataset = dataset_called(dataset_id)
        if dataset is not None and dataset.current_id and not Opening.objects.filter(dataset=dataset.pk).exists():
            Opening.objects.create(dataset=dataset, key=key)
    for row in pack["proposals"]:
        dataset = dataset_called(row["dataset_id"])
        if (
            dataset is None
            or not dataset.current_id
            or Proposal.objects.filter(dataset=dataset.pk, text=row["text"]).exists()
        ):
            continue
        table = table_of(dataset)
        kind = Kind(row["kind"])
        if kind not in table.kinds:
            continue
        proposal = propose(
            _VISITOR, table, kind, key=row.get("key"), changes=row.get("changes"), text=row["text"], origin="demo"
        )
        if row.get("answer"):
            accept(OPERATOR, proposal, answer=row["answer"])
