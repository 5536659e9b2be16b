"""The requests of the demonstration."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from parvis.domains.requests.models import DataRequest
from parvis.domains.requests.rules import Stage
from parvis.domains.requests.services import accept, answer, ask, pass_day, receive
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import organisations
from parvis.hub.publications.declaration import portal_publisher
from parvis.packs.bundled_files import demo_rows


def load_demo() -> None:
    """Write, show and answer those that are missing."""
    for row in demo_rows("requests"):
        owner = organisations().filter(slug=row["organisation"]).first() or portal_publisher()
        if owner is None or DataRequest.objects.filter(title=row["title"]).exists():
            continue
        fields = {"signature": "", "about": "", "kind": "data", **row}
        request = ask(owner, fields)
        receive(request)
        received = timezone.localdate() - timedelta(days=row["days"])
        DataRequest.objects.filter(pk=request.pk).update(received=received, votes=row.get("votes", 0))
        request.refresh_from_db()
        accept(OPERATOR, request, revision=request.revision)
        request.refresh_from_db()
        if "answer" in row:
            reply = row["answer"]
            answer(
                OPERATOR,
                request,
                Stage(reply["stage"]),
                reply["text"],
                revision=request.revision,
                ground=reply.get("ground", ""),
                datasets=reply.get("datasets", []),
            )
    pass_day(timezone.localdate())
