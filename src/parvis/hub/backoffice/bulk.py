"""The same act on many records, each with the person's right on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.log_actions import LogContext
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.models import get_snippet_models

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.records import services
from parvis.hub.records.models import CivicRecord
from parvis.hub.records.selectors import managed_by


class RecordBulkAction(SnippetBulkAction):
    """An act of ``services`` on each of the records chosen."""

    act: ClassVar[Callable[..., object]]
    permission: ClassVar[str] = "publish"
    template_name = "backoffice/records/bulk.html"

    @classproperty
    def models(cls) -> list[type[CivicRecord]]:  # noqa: N805 - Wagtail's property of classes
        """Every kind of records that has screens."""
        return [model for model in get_snippet_models() if issubclass(model, CivicRecord)]

    def get_queryset(self, model: type[CivicRecord], object_ids: Sequence[str]) -> QuerySet[CivicRecord]:
        """Those that the person may change: the titles of others' drafts are not shown as refused either."""
        return managed_by(model, actor_of(self.request.user)).filter(
            pk__in=[key for key in object_ids if key.isdecimal()]
        )

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[str]:
        """The same, when all are chosen."""
        return [str(key) for key in managed_by(self.model, actor_of(self.request.user)).values_list("pk", flat=True)]

    def check_perm(self, record: CivicRecord) -> bool:
        """Whether the person may do that to this one."""
        return bool(self.permission_policy.user_has_permission_for_instance(self.request.user, self.permission, record))

    @classmethod
    def execute_action(cls, objects: Iterable[CivicRecord], **context: Any) -> tuple[int, int]:
        """Do it to each; all or none."""
        person = context["self"].request.user
        actor, count = actor_of(person), 0
        for record in objects:
            # Histories show the last act of each kind of a request: all but one of the records would have nothing to show of it.
            with LogContext(user=person):
                cls.act(actor, record)
            count += 1
        return count, 0

    def get_success_message(self, count: int, _children: int) -> str:
        """How many."""
        return ngettext("%(count)d fiche : c’est fait.", "%(count)d fiches : c’est fait.", count) % {"count": count}


class PublishAction(RecordBulkAction):
    """Put them online."""

    display_name = _("Mettre en ligne")
    aria_label = _("Mettre en ligne ce qui est choisi")
    action_type = "publish"
    action_priority = 10
    act = services.publish


class WithdrawAction(RecordBulkAction):
    """Withdraw them."""

    display_name = _("Retirer")
    aria_label = _("Retirer ce qui est choisi")
    action_type = "withdraw"
    action_priority = 20
    act = services.withdraw


class ArchiveAction(RecordBulkAction):
    """Put them away."""

    display_name = _("Archiver")
    aria_label = _("Archiver ce qui est choisi")
    action_type = "archive"
    action_priority = 25
    act = services.archive


class RestoreAction(RecordBulkAction):
    """Bring back as drafts what was put away."""

    display_name = _("Rétablir")
    aria_label = _("Rétablir comme brouillon ce qui est choisi")
    action_type = "restore"
    action_priority = 27
    act = services.restore


class DeleteAction(RecordBulkAction, DeleteBulkAction):
    """Remove them, journal included, where Wagtail's own would only remove the rows."""

    template_name = DeleteBulkAction.template_name
    permission = "delete"
    act = services.delete

    def get_success_message(self, count: int, children: int) -> str:
        """Wagtail's sentence names what is gone."""
        return str(DeleteBulkAction.get_success_message(self, count, children))


ACTIONS = (PublishAction, WithdrawAction, ArchiveAction, RestoreAction, DeleteAction)
