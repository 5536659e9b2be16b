"""Django's entry to this subject."""

from parvis.hub.registry import ModuleConfig


class AgendaConfig(ModuleConfig):
    """The agenda: events, their days, their sources."""

    name = "parvis.domains.agenda"
    label = "agenda"
