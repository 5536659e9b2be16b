"""Who may change how a site looks: those who administer the organisation that keeps it, and who runs the instance."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.models import Site
from wagtail.permission_policies.base import BasePermissionPolicy

from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import Actor, Role, organisations_open_to
from parvis.hub.accounts.selectors import actor_of


def sites_administered_by(actor: Actor) -> QuerySet[Site]:
    """The sites whose face, home and menus the actor may change, the main one first."""
    sites = Site.objects.order_by("-is_default_site", "site_name", "pk")
    if actor.everything:
        return sites
    keys = organisations_open_to(actor, "administer")
    return sites.filter(siteface__organisation__in=keys) if keys else sites.none()


class SiteAdministration(BasePermissionPolicy):
    """What Wagtail's forms of settings ask before they show a site's."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the person administers some site."""
        return self.sites_user_has_permission_for(user, action).exists()

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """Whether the person administers this site, given as itself or by one of its settings."""
        key = instance.pk if isinstance(instance, Site) else instance.site_id
        return self.sites_user_has_permission_for(user, action).filter(pk=key).exists()

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        """There is one right only."""
        return self.user_has_permission_for_instance(user, "change", instance)

    def sites_user_has_permission_for(self, user: Any, action: str) -> QuerySet[Site]:
        """The sites that the person administers."""
        return sites_administered_by(actor_of(user))

    def users_with_any_permission(self, actions: Any) -> QuerySet[Person]:
        """Everybody who administers some site."""
        active = Person.objects.filter(is_active=True)
        keepers = active.filter(
            memberships__role=Role.ADMINISTRATOR.value, memberships__organisation__in=_keepers().values("organisation")
        )
        return (active.filter(is_superuser=True) | keepers).distinct()


def _keepers() -> QuerySet[Any]:
    face = Site._meta.get_field("siteface").related_model
    return face.objects.filter(organisation__isnull=False)
