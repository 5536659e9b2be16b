"""Django's entry to this subject."""

from parvis.hub.registry import ModuleConfig


class SurveysConfig(ModuleConfig):
    """Collection forms: what they ask, who may answer, the answers and their photos."""

    name = "parvis.domains.surveys"
    label = "surveys"
