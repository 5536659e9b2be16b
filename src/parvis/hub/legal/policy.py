"""Who writes the legal pages of a site: those who administer it, and those who publish its pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.models import Site
from wagtail.permission_policies.sites import SitePermissionPolicy

from parvis.hub.accounts.models import Person
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.sites.administration import SiteAdministration, sites_administered_by


class LegalPolicy(SitePermissionPolicy):
    """Wagtail's rights by site, and those of who administers it."""

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Whether the person writes those of some site."""
        return super().user_has_any_permission(user, actions) or sites_administered_by(actor_of(user)).exists()

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        """Whether the person writes those of this site, given as itself or by its notice."""
        key = instance.pk if isinstance(instance, Site) else instance.site_id
        return self.sites_user_has_any_permission_for(user, actions).filter(pk=key).exists()

    def sites_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Site]:
        """The sites whose legal pages the person writes."""
        administered = sites_administered_by(actor_of(user)).values("pk")
        granted = super().sites_user_has_any_permission_for(user, actions).values("pk")
        return Site.objects.filter(pk__in=granted) | Site.objects.filter(pk__in=administered)

    def users_with_any_permission(self, actions: Any) -> QuerySet[Person]:
        """Everybody who writes those of some site."""
        others = SiteAdministration(self.model).users_with_any_permission(actions)
        editors = super().users_with_any_permission(actions)
        return Person.objects.filter(pk__in=editors.values("pk")) | Person.objects.filter(pk__in=others.values("pk"))
