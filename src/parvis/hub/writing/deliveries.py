"""``/deliveries``: what is expected of whom, the links by which it is sent, what came, and what was decided of it."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints

from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import organisation as organisation_at
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Body, Count, Documented, Listing, Moment, Offset, Uri, among
from parvis.hub.catalogue.selectors import dataset as dataset_at
from parvis.hub.deliveries import services
from parvis.hub.deliveries.forms import FIELDS, ExpectationForm
from parvis.hub.deliveries.messages import sentences_of
from parvis.hub.deliveries.models import Delivery, DeliveryLink, Expectation
from parvis.hub.deliveries.rules import Every, State
from parvis.hub.deliveries.selectors import (
    delivery_of,
    expectation_of,
    expectations_managed_by,
    link_address,
    open_link,
    open_periods,
    until_of,
)
from parvis.hub.writing.router import ERRORS, given, router, writer
from parvis.hub.writing.rules import BadCard
from parvis.hub.writing.schemas import Line, Question, Text

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation
    from parvis.hub.catalogue.models import Dataset

Number = Annotated[int, Field(ge=1, le=2**62), Documented(_("Le numéro de la livraison attendue."))]
Received = Annotated[int, Field(ge=1, le=2**62), Documented(_("Le numéro du fichier reçu."))]
Addresses = Annotated[list[Line], Field(max_length=50)]
_Small = Annotated[int, Field(ge=0, le=366)]


class ExpectationChange(Question):
    """What is changed of an expected delivery; what is left out stays."""

    sender: Annotated[Text, StringConstraints(min_length=1, max_length=120)] | None = None
    sender_emails: Addresses | None = None
    answer_emails: (
        Annotated[Addresses, Documented(_("Vide : les responsables des données de l’organisation."))] | None
    ) = None
    instructions: Annotated[Text, StringConstraints(max_length=2000)] | None = None
    every: Annotated[Every, among(Every)] | None = None
    day: _Small | None = None
    month: _Small | None = None
    once: date | None = None
    remind_days: Annotated[_Small, Documented(_("Un rappel tant de jours avant l’échéance ; 0 : aucun."))] | None = None
    grace: _Small | None = None
    fewer_percent: Annotated[_Small, Documented(_("Une baisse de lignes plus forte attend une décision."))] | None = (
        None
    )
    begins: date | None = None
    active: bool | None = None
    schema_name: Annotated[Line | None, Field(alias="schema"), Documented(_("Le schéma que chaque fichier suit."))] = (
        None
    )


class NewExpectation(ExpectationChange):
    """A delivery to expect, of a dataset that is there or of one to come."""

    sender: Annotated[Text, StringConstraints(min_length=1, max_length=120)]
    sender_emails: Addresses
    dataset_id: Annotated[Line, Documented(_("Le jeu que la livraison renouvelle."))] | None = None
    title: Annotated[Line, Documented(_("Ou le titre du jeu à venir, dont un brouillon est fait."))] | None = None
    organisation: Annotated[Line, Documented(_("Qui attend, pour un jeu à venir."))] | None = None


class AwaitedDue(Body):
    """A period that is still awaited."""

    due: Annotated[str, Documented(_("Le dernier jour selon le rythme, qui la nomme."), format="date")]
    until: Annotated[str, Documented(_("Le dernier jour, déplacé ou non."), format="date")]


class DueMove(Question):
    """Another last day for one period."""

    due: Annotated[date, Documented(_("L’échéance à déplacer, parmi « dues »."))]
    until: Annotated[date, Documented(_("La nouvelle date."))]
    reason: Annotated[Text, StringConstraints(max_length=300), Documented(_("Les deux côtés reçoivent ces mots."))]


class ExpectationState(Body):
    """An expected delivery."""

    id: Count
    dataset_id: str
    organisation: str
    sender: str
    sender_emails: list[str]
    answer_emails: list[str]
    instructions: str
    every: Annotated[str, among(Every)]
    day: Count
    month: Count
    once: str | None
    remind_days: Count
    grace: Count
    fewer_percent: Count
    begins: str
    active: bool
    link: Annotated[str | None, Documented(_("Jusqu’à quand le lien de dépôt prend des fichiers."), format="date-time")]
    dues: Annotated[list[AwaitedDue], Documented(_("Les échéances qui restent à tenir, trois au plus."))]
    waiting: Annotated[Count, Documented(_("Les fichiers qui attendent une décision."))]


class ExpectationStates(Listing[ExpectationState]):
    """One page of them."""


class NewLink(Question):
    """A link to open."""

    expires: Annotated[date, Documented(_("Le dernier jour d’usage ; dans treize mois si rien n’est dit."))] | None = (
        None
    )
    sent: Annotated[bool, Documented(_("L’envoyer par courriel à l’expéditeur."))] = False


class OpenedLink(Body):
    """A link, in the only answer that says its address."""

    address: Uri
    expires: Moment


class ReceivedFile(Body):
    """A file that came."""

    id: Count
    file: str
    bytes: Count
    created: Moment
    due: Annotated[str, Documented(_("L’échéance pour laquelle il compte."), format="date")]
    state: Annotated[str, among(State)]
    version: str | None
    findings: Annotated[list[str], Documented(_("Pourquoi il attend une décision, ou n’a pas pu être lu, en phrases."))]
    words: Annotated[str, Documented(_("Pourquoi il a été refusé."))]


class ReceivedFiles(Listing[ReceivedFile]):
    """One page of them, the latest first."""


class FileDecision(Question):
    """What is decided of a file that waits."""

    accept: bool
    words: Annotated[Text, StringConstraints(max_length=2000), Documented(_("Pour un refus : pourquoi."))] = ""


@router.operation(
    "/deliveries",
    "listExpectations",
    _("Les livraisons attendues des organisations où la clé écrit."),
    ExpectationStates,
    url_name="write_deliveries",
    errors=(403,),
)
def list_expectations(request: ApiRequest, offset: Offset = 0) -> ExpectationStates:
    """By the title of their datasets."""
    return ExpectationStates.page(expectations_managed_by(writer(request)), _state, offset)


@router.operation(
    "/deliveries",
    "createExpectation",
    _("Attendre une livraison."),
    ExpectationState,
    url_name="write_deliveries",
    method="POST",
    errors=ERRORS,
)
def create_expectation(request: ApiRequest, body: NewExpectation) -> ExpectationState:
    """For a dataset, or for one to come."""
    actor, values = writer(request), given(body)
    dataset: Dataset | None = dataset_at(actor, values["dataset_id"][:100]) if values.get("dataset_id") else None
    owner = _owner(dataset, values)
    require(actor, "publish", owner.pk, "attendre des livraisons")
    form = _checked(actor, Expectation(), values)
    row = services.expect(actor, owner, dataset, (values.get("title") or "").strip(), form.facts, form.schema_ref)
    return _state(row)


@router.operation(
    "/deliveries/{int:number}",
    "getExpectation",
    _("Une livraison attendue."),
    ExpectationState,
    url_name="write_delivery",
    errors=(403, 404),
)
def get_expectation(request: ApiRequest, number: Number) -> ExpectationState:
    """When, from whom, who answers here."""
    return _state(expectation_of(writer(request), number))


@router.operation(
    "/deliveries/{int:number}",
    "updateExpectation",
    _("Changer une livraison attendue."),
    ExpectationState,
    url_name="write_delivery",
    method="PATCH",
    errors=ERRORS,
)
def update_expectation(request: ApiRequest, number: Number, body: ExpectationChange) -> ExpectationState:
    """What is left out stays."""
    actor, row = _published(request, number)
    form = _checked(actor, copy(row), given(body))
    return _state(services.change(actor, row, form.facts, form.schema_ref))


@router.operation(
    "/deliveries/{int:number}",
    "removeExpectation",
    _("Ne plus attendre une livraison ; le jeu reste."),
    None,
    url_name="write_delivery",
    method="DELETE",
    status=204,
    errors=ERRORS,
)
def remove_expectation(request: ApiRequest, number: Number) -> HttpResponse:
    """Its links are closed, its history is forgotten."""
    actor = writer(request)
    services.expect_no_more(actor, expectation_of(actor, number))
    return HttpResponse(status=204)


@router.operation(
    "/deliveries/{int:number}/due",
    "moveDue",
    _("Déplacer une échéance ; les deux côtés sont prévenus."),
    ExpectationState,
    url_name="write_delivery_due",
    method="PUT",
    errors=ERRORS,
)
def move_due(request: ApiRequest, number: Number, body: DueMove) -> ExpectationState:
    """Of one period, which goes on being named by the day that the calendar gives it."""
    actor = writer(request)
    row = expectation_of(actor, number)
    services.move_due(actor, row, body.due, body.until, body.reason)
    return _state(row)


@router.operation(
    "/deliveries/{int:number}/link",
    "openDeliveryLink",
    _("Ouvrir un lien de dépôt, dont l’adresse n’est dite qu’ici."),
    OpenedLink,
    url_name="write_delivery_link",
    method="POST",
    errors=ERRORS,
)
def open_delivery_link(request: ApiRequest, number: Number, body: NewLink) -> OpenedLink:
    """Without an account; it is closed by DELETE."""
    actor = writer(request)
    row = expectation_of(actor, number)
    if body.expires is not None and body.expires < timezone.localdate():
        raise BadCard(name="expires", reason=_t("Ce jour est passé."))
    end = timezone.make_aware(datetime.combine(body.expires, time(23, 59, 59))) if body.expires else None
    link = services.make_link(actor, row, expires=end, sent=body.sent)
    return OpenedLink(address=link_address(link), expires=link.expires.isoformat(timespec="seconds"))


@router.operation(
    "/deliveries/{int:number}/link",
    "closeDeliveryLinks",
    _("Fermer les liens de dépôt d’une livraison."),
    None,
    url_name="write_delivery_link",
    method="DELETE",
    status=204,
    errors=ERRORS,
)
def close_links(request: ApiRequest, number: Number) -> HttpResponse:
    """All of them; what was on its way neither is taken."""
    actor, row = _published(request, number)
    for link in DeliveryLink.objects.filter(expectation=row, revoked=None):
        services.revoke_link(actor, link)
    return HttpResponse(status=204)


@router.operation(
    "/deliveries/{int:number}/received",
    "listReceivedFiles",
    _("Les fichiers reçus d’une livraison, le dernier d’abord."),
    ReceivedFiles,
    url_name="write_received_files",
    errors=(403, 404),
)
def list_received(request: ApiRequest, number: Number, offset: Offset = 0) -> ReceivedFiles:
    """By whichever way they came."""
    rows = expectation_of(writer(request), number).deliveries.select_related("version").order_by("-created", "-pk")
    return ReceivedFiles.page(rows, _received, offset)


@router.operation(
    "/received-files/{int:received}",
    "decideReceivedFile",
    _("Accepter un fichier qui attend, et le publier, ou le refuser avec une raison."),
    ReceivedFile,
    url_name="write_received_file",
    method="PUT",
    errors=ERRORS,
)
def decide_received(request: ApiRequest, received: Received, body: FileDecision) -> ReceivedFile:
    """His sender is written to."""
    actor = writer(request)
    row = delivery_of(actor, received)
    return _received(services.accept(actor, row) if body.accept else services.refuse(actor, row, body.words))


def _published(request: ApiRequest, number: int) -> tuple[Actor, Expectation]:
    """An expected delivery, for who publishes its dataset."""
    actor = writer(request)
    row = expectation_of(actor, number)
    require(actor, "publish", row.dataset.organisation_id, f"modifier « {row.dataset.title} »")
    return actor, row


def _owner(dataset: Dataset | None, values: dict[str, Any]) -> Organisation:
    if dataset is not None:
        return dataset.organisation
    for name in ("title", "organisation"):
        if not (values.get(name) or "").strip():
            raise BadCard(
                name=name, reason=_t("Choisissez un jeu de données, ou donnez le titre de celui qui viendra.")
            )
    return organisation_at(values["organisation"])


def _checked(actor: Actor, row: Expectation, values: dict[str, Any]) -> ExpectationForm:
    """The form of the back office, filled with what is there and what is said; BadCard."""
    former = {name: getattr(row, name) for name in FIELDS}
    chosen = {name: value for name, value in values.items() if name in FIELDS}
    data = {**former, **chosen, "schema": values.get("schema_name") or ""}
    lines = {name: "\n".join(data[name] or []) for name in ("sender_emails", "answer_emails")}
    form = ExpectationForm(actor, {**data, **lines}, instance=row)
    if not form.is_valid():
        name, reasons = next(iter(form.errors.items()))
        raise BadCard(name=name, reason=" ".join(str(reason) for reason in reasons))
    return form


def _state(row: Expectation) -> ExpectationState:
    link = open_link(row)
    return ExpectationState(
        id=row.pk,
        dataset_id=row.dataset.dataset_id,
        organisation=row.dataset.organisation.slug,
        sender=row.sender,
        sender_emails=row.sender_emails,
        answer_emails=row.answer_emails,
        instructions=row.instructions,
        every=str(row.every),
        day=row.day,
        month=row.month,
        once=row.once.isoformat() if row.once else None,
        remind_days=row.remind_days,
        grace=row.grace,
        fewer_percent=row.fewer_percent,
        begins=row.begins.isoformat(),
        active=row.active,
        link=link.expires.isoformat(timespec="seconds") if link else None,
        dues=[
            AwaitedDue(due=due.isoformat(), until=until_of(row, due).isoformat())
            for due in (open_periods(row) if row.active else ())
        ],
        waiting=row.deliveries.filter(state=State.WAITING).count(),
    )


def _received(row: Delivery) -> ReceivedFile:
    return ReceivedFile(
        id=row.pk,
        file=row.file,
        bytes=row.bytes,
        created=row.created.isoformat(timespec="seconds"),
        due=row.due.isoformat(),
        state=str(row.state),
        version=row.version.name if row.version else None,
        findings=sentences_of(row),
        words=row.words,
    )
