"""« Livraisons attendues »: the board, each expectation with its links and its history, each delivery with its verdict."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from parvis.core.errors import Forbidden, NotFound, RequestError
from parvis.hub.accounts.rules import may
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.backoffice.policies import may_deposit
from parvis.hub.backoffice.screens import FormScreen, Screen, ScreenSet, sentence
from parvis.hub.deliveries.forms import ExpectationForm, LinkForm, MoveForm, NewExpectationForm
from parvis.hub.deliveries.messages import (
    STANDINGS,
    facts_sentence,
    recurrence_words,
    sentences_of,
    state_name,
)
from parvis.hub.deliveries.models import Delivery, Expectation
from parvis.hub.deliveries.rules import State
from parvis.hub.deliveries.selectors import (
    Period,
    Row,
    board,
    delivery_of,
    expectation_of,
    expectations_managed_by,
    link_address,
    open_periods,
)
from parvis.hub.deliveries.services import (
    accept,
    change,
    expect,
    expect_no_more,
    make_link,
    move_due,
    refuse,
    revoke_link,
)
from parvis.hub.notifications.selectors import mail_is_open
from parvis.hub.ui.formatting import day
from parvis.hub.validation.selectors import followed

PAGE_SIZE = 50
SHOWN_MOVES = 12
SHOWN = 60
"""Deliveries of the history of one expectation."""


class OfDeliveries:
    """The icon and the way back of every screen."""

    header_icon = "download"
    kwargs: dict[str, Any]
    actor: Any

    def trail(self) -> list[tuple[str, str]]:
        """The board, then the expectation when the screen is below it."""
        above = [(reverse("deliveries_admin:board"), _("Livraisons attendues"))]
        expectation = self.above()
        if expectation is not None:
            above.append((reverse("deliveries_admin:expectation", args=[expectation.pk]), expectation.dataset.title))
        return above

    def above(self) -> Expectation | None:
        """The expectation whose page is above this one."""
        return None


class BoardScreen(Screen):
    """Each expectation, what its last periods have come to, when the next is due."""

    page_title = gettext_lazy("Livraisons attendues")
    header_icon = "download"
    template_name = "deliveries/backoffice/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the person edits; what calls for a decision first."""
        if not may_deposit(self.request.user):
            raise Forbidden(action=_("voir les livraisons attendues"))
        rows = board(expectations_managed_by(self.actor))
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "rows": [_shown(row) for row in page],
            "may_expect": organisations_where(self.actor, "publish").exists(),
        }


def _shown(row: Row) -> dict[str, Any]:
    periods = [(period.until, period.standing, _period_words(period)) for period in row.periods]
    return {
        "expectation": row.expectation,
        "periods": periods,
        "standing": row.standing,
        "words": STANDINGS[row.standing],
        "recurrence": recurrence_words(row.expectation),
        "next_due": row.next_due,
        "last": row.last,
    }


def _period_words(period: Period) -> str:
    words = str(STANDINGS[period.standing])
    if period.until == period.due:
        return words
    return _("%(words)s (échéance du %(day)s déplacée)") % {"words": words, "day": day(period.due)}


class NewExpectation(OfDeliveries, FormScreen):
    """Expect something."""

    page_title = gettext_lazy("Attendre une livraison")
    template_name = "deliveries/backoffice/form.html"
    form_class = NewExpectationForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who expects."""
        if not organisations_where(self.actor, "publish").exists():
            raise Forbidden(action=_("attendre des livraisons"))
        return {**super().get_form_kwargs(), "actor": self.actor}

    def act(self, form: NewExpectationForm) -> HttpResponse:
        """Expect it, then its page, where a link is made."""
        values = form.cleaned_data
        expectation = expect(
            self.actor, values["organisation"], values["dataset"], values["title"].strip(), form.facts, form.schema_ref
        )
        messages.success(
            self.request, _("La livraison est attendue. Ouvrez maintenant un lien de dépôt pour l’expéditeur.")
        )
        return redirect("deliveries_admin:expectation", expectation.pk)


class OfOneExpectation(OfDeliveries):
    """A screen of the expectation that the address names."""

    @cached_property
    def expectation(self) -> Expectation:
        """NotFound for one of others."""
        return expectation_of(self.actor, self.kwargs["key"])

    @property
    def may_decide(self) -> bool:
        """Whether the person changes it and decides of its deliveries."""
        return may(self.actor, "publish", self.expectation.dataset.organisation_id)


class ChangeExpectation(OfOneExpectation, FormScreen):
    """Change it."""

    page_title = gettext_lazy("Modifier une livraison attendue")
    template_name = "deliveries/backoffice/form.html"
    form_class = ExpectationForm

    def above(self) -> Expectation:
        """Its page."""
        return self.expectation

    def get_form_kwargs(self) -> dict[str, Any]:
        """As it is."""
        return {
            **super().get_form_kwargs(),
            "actor": self.actor,
            "instance": expectation_of(self.actor, self.kwargs["key"]),
        }

    def act(self, form: ExpectationForm) -> None:
        """Keep it."""
        change(self.actor, self.expectation, form.facts, form.schema_ref)

    def get_success_url(self) -> str:
        """Its page."""
        return reverse("deliveries_admin:expectation", args=[self.expectation.pk])


@method_decorator(never_cache, name="dispatch")  # the address of a link is a secret
class ExpectationScreen(OfOneExpectation, FormScreen):
    """Its periods, its links, its history; a link is made, sent, closed here."""

    template_name = "deliveries/backoffice/expectation.html"
    form_class = LinkForm

    def get_page_title(self) -> str:
        """What is expected."""
        return self.expectation.dataset.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything of it."""
        expectation = self.expectation
        [row] = board([expectation])
        deliveries = expectation.deliveries.select_related("version", "person")[:SHOWN]
        links = expectation.links.all()[:20] if self.may_decide else []
        folder = settings.PARVIS["PARVIS_DELIVERIES_FOLDER"]
        return {
            **super().get_context_data(**kwargs),
            **_shown(row),
            "schema": followed(expectation.dataset),
            "moved": expectation.postponements.select_related("person").order_by("-due")[:SHOWN_MOVES],
            "move": kwargs.get("move") or (MoveForm(open_periods(expectation)) if self.may_decide else None),
            "deliveries": [(delivery, state_name(delivery.state), sentences_of(delivery)) for delivery in deliveries],
            "links": [(link, link_address(link) if link.is_open else "") for link in links],
            "folder": f"{folder.rstrip('/')}/{expectation.slug}/" if folder else "",
            "may_decide": self.may_decide,
            "mail_is_open": mail_is_open(),
            "today": timezone.localdate(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the button says."""
        act = request.POST.get("acte", "lien")
        if act == "lien":
            return super().post(request, *args, **kwargs)
        if act == "deplacer":
            return self._move(request)
        if act == "fermer":
            key = request.POST.get("lien", "")
            link = self.expectation.links.filter(pk=int(key) if key.isdecimal() and len(key) < 18 else 0).first()
            if link is None:
                raise NotFound(name="lien de dépôt")
            revoke_link(self.actor, link)
            messages.success(request, _("Le lien est fermé : plus rien n’arrive par lui."))
            return redirect(request.path)
        if act == "supprimer":
            expect_no_more(self.actor, self.expectation)
            messages.success(request, _("Cette livraison n’est plus attendue. Le jeu de données reste comme il est."))
            return redirect("deliveries_admin:board")
        raise NotFound(name=act[:40])

    def _move(self, request: HttpRequest) -> HttpResponse:
        form = MoveForm(open_periods(self.expectation), request.POST)
        if form.is_valid():
            try:
                move_due(self.actor, self.expectation, **form.cleaned_data)
            except RequestError as error:
                form.add_error("until", sentence(error))
            else:
                messages.success(request, _("L’échéance est déplacée ; les deux côtés sont prévenus."))
                return redirect(request.path)
        return self.render_to_response(self.get_context_data(form=LinkForm(), move=form), status=422)

    def act(self, form: LinkForm) -> None:
        """Make a link."""
        make_link(self.actor, self.expectation, expires=form.cleaned_data["expires"], sent=form.cleaned_data["sent"])
        self.done = (
            _("Le lien est ouvert, et part par courriel.")
            if form.cleaned_data["sent"]
            else _("Le lien est ouvert. Copiez son adresse pour l’expéditeur.")
        )


class DeliveryScreen(OfDeliveries, Screen):
    """A delivery, its verdict, and the decision."""

    template_name = "deliveries/backoffice/delivery.html"

    @cached_property
    def delivery(self) -> Delivery:
        """NotFound for one of others."""
        return delivery_of(self.actor, self.kwargs["key"])

    def above(self) -> Expectation:
        """What it is a delivery of."""
        return self.delivery.expectation

    def get_page_title(self) -> str:
        """Its file."""
        return self.delivery.file or _("Livraison")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The verdict, and whether it can be decided."""
        delivery = self.delivery
        return {
            **super().get_context_data(**kwargs),
            "delivery": delivery,
            "state": state_name(delivery.state),
            "sentences": sentences_of(delivery),
            "facts_sentence": facts_sentence(delivery.facts),
            "came": delivery.facts.get("came") or [],
            "may_decide": delivery.state == State.WAITING
            and may(self.actor, "publish", delivery.expectation.dataset.organisation_id),
            "is_online": delivery.expectation.dataset.status == "published",
            "words": self.request.POST.get("mots", ""),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Accept or refuse."""
        if request.POST.get("acte") == "accepter":
            accept(self.actor, self.delivery)
            messages.success(request, _("La livraison est acceptée."))
        else:
            refuse(self.actor, self.delivery, request.POST.get("mots", ""))
            messages.success(request, _("La livraison est refusée ; l’expéditeur est prévenu."))
        return redirect("deliveries_admin:expectation", self.delivery.expectation_id)


SCREENS = ScreenSet(
    "deliveries_admin",
    "livraisons",
    ("", BoardScreen, "board"),
    ("nouvelle/", NewExpectation, "new"),
    ("<int:key>/", ExpectationScreen, "expectation"),
    ("<int:key>/modifier/", ChangeExpectation, "change"),
    ("recues/<int:key>/", DeliveryScreen, "delivery"),
    menu_order=145,
)
