"""« Webhooks »: programs that organisations have called, made and tried by who administers them; the journal of their calls."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from parvis.core.errors import Forbidden, NotFound, RequestError
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.backoffice.policies import may_administer
from parvis.hub.backoffice.screens import ActorMixin, Screen, sentence, stored_sentence
from parvis.hub.notifications.deliveries import send_again, send_test
from parvis.hub.notifications.models import Delivery, Webhook
from parvis.hub.notifications.webhook_rules import EVENT_WORDS, NAME_LENGTH, WISHED
from parvis.hub.notifications.webhooks import (
    change_webhook,
    create_webhook,
    delete_webhook,
    rotate_secret,
    webhook_of,
    webhooks_administered_by,
)
from parvis.hub.ui.formatting import instant, number


class WebhookForm(forms.Form):
    """What is called, and for what."""

    name = forms.CharField(
        label=gettext_lazy("Nom"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("Le logiciel prévenu : « agenda de la ville »."),
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    url = forms.URLField(
        label=gettext_lazy("Adresse appelée"),
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=gettext_lazy(
            "Une adresse publique, en https de préférence ; celles d’un réseau privé sont refusées."
        ),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Appeler quand"), choices=WISHED, widget=forms.CheckboxSelectMultiple
    )
    active = forms.BooleanField(label=gettext_lazy("En service"), required=False)

    def __init__(self, actor: Actor, webhook: Webhook | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_where(actor, "administer")
        # Which organisation it belongs to is chosen once: its journal tells of things that others may not read.
        del self.fields["active" if webhook is None else "organisation"]


class ForAdministrators(ActorMixin):
    """Closed to who administers no organisation; ``webhook`` is that of the address, NotFound for who does not administer it."""

    kwargs: dict[str, Any]

    def _answer_or_fall_back(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_administer(request.user):
            raise Forbidden(action="gérer des webhooks")
        return super()._answer_or_fall_back(request, *args, **kwargs)

    @cached_property
    def webhook(self) -> Webhook | None:
        """None for a new one."""
        key = self.kwargs.get("key")
        return webhook_of(self.actor, key) if key else None


class WebhookList(ForAdministrators, IndexView):
    """Those of the organisations that the person administers."""

    model = Webhook
    permission_policy = None
    any_permission_required = None
    page_title = gettext_lazy("Webhooks")
    header_icon = "link-external"
    index_url_name = "backoffice:webhooks"
    default_ordering = "name"
    paginate_by = 50

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Name, organisation, address, state, date."""
        return [
            TitleColumn(
                "name",
                label=_("Nom"),
                sort_key="name",
                get_url=lambda webhook: reverse("backoffice:webhook", args=[webhook.pk]),
            ),
            Column("organisation", label=_("Organisation"), accessor="organisation.name"),
            Column("url", label=_("Adresse appelée")),
            StatusTagColumn("state", label=_("État"), accessor=state_words, primary=lambda webhook: webhook.active),
            DateColumn("modified", label=_("Modifié"), sort_key="modified"),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """A new one."""
        return [HeaderButton(_("Ajouter un webhook"), url=reverse("backoffice:webhook_add"), icon_name="plus")]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The home, then this list."""
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Tableau de bord")},
            {"url": "", "label": str(self.page_title)},
        ]

    def get_base_queryset(self) -> QuerySet[Webhook]:
        """Through the person's eyes."""
        return webhooks_administered_by(self.actor)


def state_words(webhook: Webhook) -> str:
    """Whether it is called, and who decided that it is not."""
    if webhook.active:
        return _("en service")
    return _("arrêté après trop d’échecs") if webhook.disabled else _("arrêté")


@method_decorator(never_cache, name="dispatch")  # a secret is shown in one answer alone
class WebhookScreen(ForAdministrators, Screen):
    """Add a webhook or change one, try it, change its secret, remove it."""

    header_icon = "link-external"
    template_name = "backoffice/webhooks/screen.html"

    def get_page_title(self) -> str:
        """Its name."""
        return self.webhook.name if self.webhook else _("Nouveau webhook")

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("backoffice:webhooks"), _("Webhooks"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, the last calls."""
        webhook = self.webhook
        facts: dict[str, Any] = {"webhook": webhook}
        if webhook is not None:
            values = {name: getattr(webhook, name) for name in ("name", "url", "events", "active")}
            facts |= {"state": state_words(webhook), "form": WebhookForm(self.actor, webhook, initial=values)}
        else:
            facts["form"] = WebhookForm(self.actor, None)
        return {**super().get_context_data(), **facts, **kwargs}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the button says; a secret is shown in the answer alone."""
        act = request.POST.get("acte", "enregistrer")
        webhook = self.webhook
        if webhook is None or act == "enregistrer":
            return self._save(request)
        if act == "secret":
            return self.render_to_response(self.get_context_data(secret=rotate_secret(self.actor, webhook)))
        if act == "essayer":
            send_test(self.actor, webhook)
            messages.success(request, _("L’essai part ; rechargez cette page pour voir la réponse."))
            return redirect("backoffice:deliveries", webhook.pk)
        if act == "supprimer":
            delete_webhook(self.actor, webhook)
            messages.success(request, _("Le webhook « %s » est supprimé.") % webhook.name)
            return redirect("backoffice:webhooks")
        raise NotFound(name=act[:40])

    def _save(self, request: HttpRequest) -> HttpResponse:
        form = WebhookForm(self.actor, self.webhook, request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            if self.webhook is None:
                organisation = form.cleaned_data.pop("organisation")
                self.webhook, secret = create_webhook(self.actor, organisation, **form.cleaned_data)
                return self.render_to_response(self.get_context_data(secret=secret))
            change_webhook(self.actor, self.webhook, **form.cleaned_data)
        except RequestError as error:
            form.add_error(None, sentence(error))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("Le webhook est enregistré."))
        return redirect("backoffice:webhook", self.webhook.pk)


class DeliveryList(ForAdministrators, IndexView):
    """The journal of a webhook, latest first."""

    model = Delivery
    permission_policy = None
    any_permission_required = None
    page_title = gettext_lazy("Envois")
    header_icon = "history"
    default_ordering = "-created"
    paginate_by = 50

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """When, what, how it ended."""
        return [
            TitleColumn(
                "created",
                label=_("Date"),
                accessor=lambda delivery: instant(delivery.created),
                get_url=lambda row: reverse("backoffice:delivery", args=[row.webhook_id, row.pk]),
            ),
            Column("event", label=_("Événement"), accessor="event_words"),
            StatusTagColumn(
                "state",
                label=_("État"),
                accessor="get_state_display",
                primary=lambda delivery: delivery.state == Delivery.State.DELIVERED,
            ),
            Column("status", label=_("Réponse"), accessor=lambda delivery: delivery.status or "—"),
            Column("milliseconds", label=_("Durée"), accessor=duration),
            Column("attempts", label=_("Essais")),
        ]

    def get_index_url(self) -> str:
        """This page, for its pager."""
        return self.request.path

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The home, the list, the webhook, this journal."""
        webhook = self.kwargs["key"]
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Tableau de bord")},
            {"url": reverse("backoffice:webhooks"), "label": _("Webhooks")},
            {"url": reverse("backoffice:webhook", args=[webhook]), "label": self.webhook.name if self.webhook else ""},
            {"url": "", "label": str(self.page_title)},
        ]

    def get_base_queryset(self) -> QuerySet[Delivery]:
        """Of the webhook alone."""
        return Delivery.objects.filter(webhook=self.webhook)


def duration(delivery: Delivery) -> str:
    """How long the last call took."""
    return _("%s ms") % number(delivery.milliseconds) if delivery.milliseconds is not None else "—"


class DeliveryScreen(ForAdministrators, Screen):
    """What was sent and answered; a button to send it again."""

    header_icon = "history"
    template_name = "backoffice/webhooks/delivery.html"

    @cached_property
    def delivery(self) -> Delivery:
        """The one of the address."""
        delivery = Delivery.objects.filter(webhook=self.webhook, pk=self.kwargs["delivery"]).first()
        if delivery is None:
            raise NotFound(name="envoi")
        return delivery

    def get_page_title(self) -> str:
        """When it was."""
        return _("Envoi du %s") % instant(self.delivery.created)

    def trail(self) -> list[tuple[str, str]]:
        """The list, the webhook, its journal."""
        key = self.delivery.webhook_id
        return [
            (reverse("backoffice:webhooks"), _("Webhooks")),
            (reverse("backoffice:webhook", args=[key]), self.webhook.name if self.webhook else ""),
            (reverse("backoffice:deliveries", args=[key]), _("Envois")),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its rows, what was sent, what went wrong."""
        delivery = self.delivery
        message, remedy = stored_sentence(delivery.error)
        rows = [
            (_("Événement"), EVENT_WORDS.get(delivery.event, delivery.event)),
            (_("État"), delivery.get_state_display()),
            (_("Réponse"), delivery.status or "—"),
            (_("Durée"), duration(delivery)),
            (_("Essais"), delivery.attempts),
            (_("Prochain essai"), instant(delivery.due) if delivery.due else "—"),
            (_("Identifiant"), delivery.message_id),
        ]
        sent = json.dumps(json.loads(delivery.body), indent=2, ensure_ascii=False)
        facts = {"delivery": delivery, "rows": rows, "sent": sent, "problem": f"{message} {remedy}".strip()}
        return {**super().get_context_data(**kwargs), **facts}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it again."""
        again = send_again(self.actor, self.delivery)
        messages.success(request, _("Le message part de nouveau ; rechargez cette page pour voir la réponse."))
        return redirect("backoffice:delivery", again.webhook_id, again.pk)
