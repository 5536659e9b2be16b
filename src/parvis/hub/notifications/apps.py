"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class NotificationsConfig(ModuleConfig):
    """Mails, feeds and webhooks that subjects and rooms share."""

    name = "parvis.hub.notifications"
    label = "notifications"
