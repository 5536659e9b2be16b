"""The back office of a kind of records, by declaration: Wagtail's own screens, led through our rights and services.

A subject declares ``panels`` (what the form holds), ``list_display`` and ``list_filter`` as for any of Wagtail's viewsets, or
gives its own ``maker`` where a generic form would not do; list, search, export, history, comparison, lock, approval and
actions on many come with it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import (
    ConfirmWorkflowCancellationView,
    CreateView,
    DeleteView,
    EditView,
    IndexView,
    SnippetViewSet,
    UnpublishView,
)

from parvis.core.errors import ParvisError
from parvis.hub.accounts.selectors import actor_of, organisations_where
from parvis.hub.backoffice.policies import RecordPolicy
from parvis.hub.backoffice.screens import ActorMixin, Entry, sentence
from parvis.hub.backoffice.submissions import submission_key
from parvis.hub.records import services
from parvis.hub.records.models import CivicRecord
from parvis.hub.records.rules import Status, opened_revision
from parvis.hub.records.selectors import managed_by


class OfOneRecord(ActorMixin):
    """A view of one record: the rights are those on it, where Wagtail asks for a right on its kind."""

    object: CivicRecord | None

    @property
    def permission_policy(self) -> RecordPolicy:
        """The policy of the kind, about the record once it is known."""
        policy: RecordPolicy = policy_registry.get_by_type(self.model)
        return policy.about(getattr(self, "object", None))


class RecordForm(WagtailAdminModelForm):
    """A form of a record: its organisation is one of those for which the person may write."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (field := self.fields.get("organisation")) is not None and self.for_user is not None:
            if self.instance.pk:
                # Giving a record to others is not a change of what it says: no form does it in passing.
                field.disabled = True
            else:
                field.queryset = organisations_where(actor_of(self.for_user), "edit")
                if field.queryset.count() == 1:
                    field.initial = field.queryset.get()


class KeepsWhatWasTyped:
    """A form that a service refuses is returned as it was filled, with what refuses it; nothing of it was done."""

    def form_valid(self, form: WagtailAdminModelForm) -> HttpResponse:
        """Keep it, or give the form back."""
        is_new = form.instance.pk is None
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ParvisError as error:
            if is_new:
                self.object = form.instance.pk = None
            self.produced_error_code, self.produced_error_message = error.code, sentence(error)
            return self.form_invalid(form)


class SavesWhenAsked:
    """A form that is sent by its buttons alone, without Wagtail's saving as one types.

    Each saving is an act of the journal and another opened revision; that of a new record would make its permanent address of half a
    title, and a second record when a button is pressed before its answer is there.
    """

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Once Wagtail has decided otherwise."""
        super().setup(request, *args, **kwargs)
        self.autosave_enabled = False


class RecordCreateView(KeepsWhatWasTyped, SavesWhenAsked, OfOneRecord, CreateView):
    """A new record, kept by our services."""

    new_title: Any = ""
    """What the screen is called: « Nouvelle séance »."""

    def get_page_title(self) -> str:
        """In words, where Wagtail sets a noun beside a verb."""
        return str(self.new_title)

    def get_page_subtitle(self) -> str:
        """Nothing to add."""
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The same words at their end."""
        *above, _here = super().get_breadcrumbs_items()
        return [*above, {"url": "", "label": self.get_page_title()}]

    def save_instance(self) -> CivicRecord:
        """Keep it as a draft; the one that exists, if this form was already sent."""
        key = submission_key(self.request)
        record = services.create_once(
            key, self.model, lambda: services.create(self.actor, self.form.save(commit=False))
        )
        self.new_revision = record.latest_revision
        return record

    def publish_action(self) -> HttpResponse | None:
        """Open its page to all, if the person may publish for its organisation."""
        services.publish(self.actor, self.object)
        return None


class RecordEditView(KeepsWhatWasTyped, SavesWhenAsked, OfOneRecord, EditView):
    """A record that is changed, at the revision that was opened."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, which carries the revision that was opened."""
        return {**super().get_context_data(**kwargs), "opened_revision": self.object.revision}

    def save_instance(self) -> CivicRecord:
        """Keep the change; what somebody else saved meanwhile is never undone."""
        record, opened = self.form.save(commit=False), self.request.POST.get("opened_revision", "")
        services.update(self.actor, record, {}, revision=opened_revision(opened) or record.revision)
        self.new_revision = record.latest_revision
        return record

    def publish_action(self) -> HttpResponse | None:
        """Open its page to all, if the person may publish for its organisation."""
        services.publish(self.actor, self.object)
        return None


class RecordDeleteView(OfOneRecord, DeleteView):
    """Asks, then removes."""

    def delete_action(self) -> None:
        """Remove it by our services."""
        services.delete(self.actor, self.object)


class RecordUnpublishView(OfOneRecord, UnpublishView):
    """Asks, then withdraws."""

    permission_required = "publish"

    def unpublish(self) -> None:
        """Withdraw it by our services."""
        services.withdraw(self.actor, self.object)


class RecordConfirmWorkflowCancellationView(OfOneRecord, ConfirmWorkflowCancellationView):
    """Tells that an approval is under way, to who may publish; Wagtail's asks for no right."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What Wagtail tells."""
        if not self.permission_policy.user_has_permission(request.user, "publish"):
            raise PermissionDenied
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer


class RecordIndexView(ActorMixin, IndexView):
    """Those that the person may change."""

    default_ordering = "title"
    new_title: Any = ""

    @cached_property
    def add_item_label(self) -> str:
        """The title of the screen that the button leads to."""
        return str(self.new_title)

    def get_base_queryset(self) -> QuerySet[CivicRecord]:
        """Through the person's eyes, whatever Wagtail's policy would show; without what was archived, unless it is asked for."""
        records = managed_by(self.model, self.actor)
        return records if self.request.GET.get("status") else records.exclude(status=Status.ARCHIVED)


class FormColumn(Column):
    """A column whose cells hold a form: Wagtail draws cells without the request, so without ``csrf_token``."""

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """With the token of the page."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "csrf_token": get_token(context["request"])}


class CivicViewSet(SnippetViewSet):
    """The screens of a kind of records (``model``) under ``/admin/<base_url_path>/``."""

    maker: ClassVar[type[View] | None] = None
    """A hand-made screen to write one, given ``slug``, or nothing for a new one; it replaces Wagtail's form."""

    new_title: ClassVar[Any] = ""
    """What begins a new one is called (« Nouvelle séance »); a maker has its own."""

    new_path: ClassVar[str] = "-/nouveau/"
    """The address of the maker for a new one: no slug begins with a hyphen."""

    icon = "doc-full"
    index_view_class = RecordIndexView
    add_view_class = RecordCreateView
    edit_view_class = RecordEditView
    delete_view_class = RecordDeleteView
    unpublish_view_class = RecordUnpublishView
    confirm_workflow_cancellation_view_class = RecordConfirmWorkflowCancellationView
    index_template_name = "backoffice/records/index.html"
    index_results_template_name = "backoffice/records/results.html"
    create_template_name = "backoffice/records/create.html"
    edit_template_name = "backoffice/records/edit.html"
    list_per_page = 50
    list_filter = ["status", "organisation"]
    list_export = ["title", "slug", "organisation", "status", "modified"]
    search_fields = ["title", "slug"]
    search_backend_name = None
    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_admin_menu = True

    @cached_property
    def list_display(self) -> list[Any]:
        """Title, organisation, state, date."""
        return [
            "title",
            Column("organisation", label=gettext_lazy("Organisation"), accessor="organisation.name"),
            StatusTagColumn(
                "status",
                label=gettext_lazy("État"),
                accessor="get_status_display",
                primary=lambda record: record.live,
            ),
            DateColumn("modified", label=gettext_lazy("Modifié"), sort_key="modified"),
        ]

    def get_admin_url_namespace(self) -> str:
        """``charts_admin``: the list is ``charts_admin:list``."""
        return f"{self.model.noun}s_admin"

    @property
    def breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The home, before the list."""
        return [{"url": reverse_lazy("wagtailadmin_home"), "label": gettext_lazy("Tableau de bord")}]

    menu_item_class = Entry

    @property
    def add_view(self) -> Any:
        """Wagtail's form, or the way to the maker."""
        return super().add_view if self.maker is None else self._lead_to_maker

    @property
    def edit_view(self) -> Any:
        """Wagtail's form, or the way to the maker."""
        return super().edit_view if self.maker is None else self._lead_to_maker

    def _new(self) -> dict[str, Any]:
        return {"new_title": getattr(self.maker, "new_title", self.new_title)}

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """With the words of its button."""
        return {**super().get_index_view_kwargs(**kwargs), **self._new()}

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """With its title."""
        return {**super().get_add_view_kwargs(**kwargs), **self._new()}

    def _lead_to_maker(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        if pk is None:
            return HttpResponseRedirect(reverse(self.get_url_name("new")))
        record = get_object_or_404(self.model, pk=pk)
        return HttpResponseRedirect(reverse(self.get_url_name("maker"), args=[record.slug]))

    def register_chooser_viewset(self) -> None:
        """None: Wagtail's choosers list every record to anyone who enters the back office, the drafts of others too."""

    def get_urlpatterns(self) -> list[URLPattern]:
        """Wagtail's addresses, then those of the maker."""
        patterns: list[URLPattern] = super().get_urlpatterns()
        if self.maker is not None:
            screen = self.maker.as_view()
            patterns += [path(self.new_path, screen, name="new"), path("<slug:slug>/", screen, name="maker")]
        return patterns


# The other screens about one record differ from Wagtail's by the rights alone.
for _name in (
    "history",
    "usage",
    "revisions_compare",
    "revisions_unschedule",
    "lock",
    "unlock",
    "workflow_history",
    "workflow_history_detail",
):
    _attribute = f"{_name}_view_class"
    _parent = getattr(SnippetViewSet, _attribute)
    setattr(CivicViewSet, _attribute, type(f"Record{_parent.__name__}", (OfOneRecord, _parent), {}))
