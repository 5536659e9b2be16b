"""Django's entry to this room."""

from django.apps import AppConfig

from parvis.core.privacy import PrivacyInspector


class PrivacyConfig(AppConfig):
    """Nothing of persons becomes public without a recorded decision."""

    name = "parvis.hub.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Have each file and document searched, and publications held until what was found is decided."""
        from parvis.hub.catalogue.attachments import register_check  # noqa: PLC0415 models are ready only now
        from parvis.hub.catalogue.gates import register_gate  # noqa: PLC0415
        from parvis.hub.catalogue.signals import dataset_opened, dataset_published  # noqa: PLC0415
        from parvis.hub.datastore.inspections import register_inspection  # noqa: PLC0415
        from parvis.hub.privacy.gate import holds_attachment, look_at_attachment, privacy_gate  # noqa: PLC0415
        from parvis.hub.privacy.services import close_former, note_opening  # noqa: PLC0415

        register_inspection("privacy", lambda imported: PrivacyInspector())
        register_gate("privacy", privacy_gate)
        register_check("privacy", look_at_attachment, holds_attachment)
        dataset_opened.connect(close_former, dispatch_uid="privacy.former")
        dataset_published.connect(note_opening, dispatch_uid="privacy.opening")
