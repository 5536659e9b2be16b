"""Django's entry to this room."""

from django.apps import AppConfig


class ValidationConfig(AppConfig):
    """Which schema each dataset follows, and what was found of each version."""

    name = "parvis.hub.validation"
    label = "validation"

    def ready(self) -> None:
        """Make the inspection, the gate and the jobs of this room known; note verdicts as versions come."""
        from django.db.models.signals import post_delete, post_save  # noqa: PLC0415 models are ready only now

        from parvis.hub.catalogue.gates import register_gate  # noqa: PLC0415
        from parvis.hub.catalogue.models import Version  # noqa: PLC0415
        from parvis.hub.datastore.inspections import register_inspection  # noqa: PLC0415
        from parvis.hub.jobs.daily import Daily, register_daily  # noqa: PLC0415
        from parvis.hub.jobs.rules import register  # noqa: PLC0415
        from parvis.hub.validation.gate import inspector_for, schema_gate  # noqa: PLC0415
        from parvis.hub.validation.kinds import KINDS, RECHECK  # noqa: PLC0415
        from parvis.hub.validation.services.verdicts import version_added, version_removed  # noqa: PLC0415

        register(*KINDS)
        register_daily(Daily(RECHECK, hour=4))
        register_inspection("schema", inspector_for)
        register_gate("schema", schema_gate)
        post_save.connect(version_added, sender=Version, dispatch_uid="validation.verdict")
        post_delete.connect(version_removed, sender=Version, dispatch_uid="validation.forget")
