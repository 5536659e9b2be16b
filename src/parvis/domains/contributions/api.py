"""``/api/parvis/v1/contributions``: applications propose with a key, and follow what they proposed."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from parvis.core.errors import Forbidden
from parvis.core.translation import gettext_noop
from parvis.domains.contributions.models import Proposal, values_of
from parvis.domains.contributions.proposing import propose
from parvis.domains.contributions.rules import LONGEST_VALUE, Kind
from parvis.domains.contributions.selectors import proposal_called
from parvis.domains.contributions.tables import table_of
from parvis.hub.addresses import canonical
from parvis.hub.api.routers import ApiRequest, ApiRouter
from parvis.hub.api.schemas import Body, Documented, Moment, Uri, among
from parvis.hub.apikeys.requests import caller_of
from parvis.hub.apikeys.rules import Scope
from parvis.hub.catalogue.selectors import public_dataset
from parvis.hub.visitors.rules import Visitor
from parvis.hub.visitors.texts import LONGEST_TEXT

router = ApiRouter("contributions", _("Contributions"))

Secret = Annotated[str, Documented(_("Le secret qui permet de la suivre."))]
Value = Annotated[str, Field(max_length=LONGEST_VALUE)]


class KeyCannotPropose(Forbidden):
    """A call without an account, or by a key made for reading."""

    code: ClassVar[str] = "contribution-scope"
    sentence: ClassVar[str] = gettext_noop(
        "Il faut une clé d’API de portée « proposer » pour contribuer par programme."
    )
    advice: ClassVar[str] = gettext_noop(
        "Créez-la dans « Mes clés d’API », ou passez par le formulaire du jeu de données."
    )


class ContributionRequest(Body):
    """What is proposed; values are texts as the Explore API writes them, null to empty a cell."""

    dataset_id: Annotated[str, Field(max_length=100)]
    kind: Annotated[Kind, among(Kind.values)]
    key: Annotated[
        list[Value | int | float | None] | None,
        Field(max_length=20),
        Documented(_("Les valeurs des colonnes qui distinguent la ligne, dans leur ordre.")),
    ] = None
    changes: Annotated[
        dict[str, Value | None], Field(max_length=500), Documented(_("Les valeurs proposées, par colonne."))
    ] = {}
    column: Annotated[str, Field(max_length=100)] = ""
    message: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""


class Contribution(Body):
    """A proposal, as its author follows it."""

    uid: Secret
    dataset_id: str
    kind: Annotated[str, among(Kind.values)]
    state: str
    key: list[str | None] | None
    changes: dict[str, str | None]
    accepted: dict[str, str | None]
    answer: str
    created: Moment
    decided: Moment | None
    url: Uri


@router.operation(
    "/contributions",
    "createContribution",
    _("Proposer une correction, un ajout, un retrait, une remarque ou une question."),
    Contribution,
    url_name="contributions_api",
    method="POST",
    errors=(400, 403, 404, 413),
)
def create(request: ApiRequest, body: ContributionRequest) -> Contribution:
    """Write it down in the name of the key's owner; the errors of ``propose``."""
    caller = caller_of(request)
    if caller.actor.person_id is None or (caller.key_id is not None and caller.scope != Scope.PROPOSE):
        raise KeyCannotPropose(action="contribuer")
    table = table_of(public_dataset(request.auth, body.dataset_id))
    key = table.read_key_values(body.key) if body.key else None
    visitor = Visitor(f"person:{caller.actor.person_id}", proven=True, person_id=caller.actor.person_id)
    changes = table.read_values(body.changes)
    proposal = propose(
        visitor, table, Kind(body.kind), key=key, changes=changes, column=body.column, text=body.message, origin="api"
    )
    return _answer(proposal)


@router.operation(
    "/contributions/{str:uid}",
    "getContribution",
    _("Où en est une contribution."),
    Contribution,
    url_name="contribution_api",
    errors=(404,),
)
def get(request: ApiRequest, uid: Secret) -> Contribution:
    """The proposal of that secret."""
    return _answer(proposal_called(uid))


def _answer(proposal: Proposal) -> Contribution:
    moments: dict[str, Any] = {
        "created": proposal.created.isoformat(),
        "decided": proposal.decided.isoformat() if proposal.decided else None,
    }
    return Contribution(
        uid=proposal.uid,
        dataset_id=proposal.dataset.dataset_id,
        kind=proposal.kind,
        state=proposal.state,
        key=proposal.key,
        changes=values_of(proposal.changes),
        accepted=values_of(proposal.accepted),
        answer=proposal.answer,
        url=canonical(proposal.get_absolute_url()),
        **moments,
    )
