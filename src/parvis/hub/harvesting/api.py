"""``/api/parvis/v1/hooks/<address>``: another program says that a source has changed."""

from __future__ import annotations

from typing import Annotated

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis.hub.addresses import canonical
from parvis.hub.api.errors import RequestTooLarge
from parvis.hub.api.routers import ApiRequest, ApiRouter
from parvis.hub.api.schemas import Body, Count, Documented, Uri, among
from parvis.hub.callers import caller_address, network_of
from parvis.hub.harvesting.hook_rules import BODY_BYTES, TAKEN
from parvis.hub.harvesting.hooks import receive

# No key, no session: its signature, or its address, is all that a call has.
router = ApiRouter("sources", _("Sources"), metered=False, auth=None)

_Outcome = Annotated[
    str,
    among(TAKEN),
    Documented(
        _(
            "« begun » : une lecture part. « joined » : une lecture allait partir. « after » : une autre suivra celle qui est en cours."
        )
    ),
]

_Address = Annotated[str, Documented(_("La fin de l’adresse que montre la source."), maxLength=100)]


class CallAnswer(Body):
    """What a call came to."""

    outcome: _Outcome
    repeated: Annotated[bool, Documented(_("Un appel du même nom était déjà pris."))]
    run: Count | None
    address: Annotated[Uri, Documented(_("La page de la lecture, pour qui publie."))]


@router.operation(
    "/hooks/{address}",
    "callSource",
    _("Dire qu’une source a changé, pour qu’elle soit lue tout de suite."),
    CallAnswer,
    url_name="source-hook-api",
    method="POST",
    status=202,
    errors=(404, 409, 413),
    bodies={"*/*": {}},
)
def call(request: ApiRequest, address: _Address) -> CallAnswer:
    """Take a call; its body is signed, bounded, and never read for what it says."""
    body = request.read(BODY_BYTES + 1)
    if len(body) > BODY_BYTES:
        raise RequestTooLarge(limit=BODY_BYTES)
    received = receive(network_of(caller_address(request.META)), address[:100], request.headers, body)
    run = received.run
    return CallAnswer(
        outcome=str(received.outcome),
        repeated=received.is_repeated,
        run=run.pk if run else None,
        address=canonical(reverse("harvesting:run", args=[run.pk])) if run else "",
    )
