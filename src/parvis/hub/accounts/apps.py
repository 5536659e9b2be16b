"""Django's entry to this room."""

from django.db.models.signals import post_delete, post_save

from parvis.hub.registry import ModuleConfig


class AccountsConfig(ModuleConfig):
    """People, organisations, roles."""

    name = "parvis.hub.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Entry to the back office follows roles, no matter who writes them."""
        super().ready()
        from parvis.hub.accounts import receivers  # noqa: PLC0415
        from parvis.hub.accounts.models import Membership  # noqa: PLC0415 models exist only now
        from parvis.hub.accounts.services import follow_role  # noqa: PLC0415

        receivers.connect()
        post_save.connect(follow_role, sender=Membership, dispatch_uid="accounts.follow_role.save")
        post_delete.connect(follow_role, sender=Membership, dispatch_uid="accounts.follow_role.delete")
