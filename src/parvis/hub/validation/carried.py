"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import OF_THE_MACHINE, Carried

CARRIED = (
    Carried(model="validation.KeptSchema", name="schemas/schemas"),
    Carried(model="validation.DatasetSchema", name="schemas/schemas-suivis", dataset="dataset"),
    Carried(model="validation.ImportSchema", name="schemas/schemas-des-imports"),
    Carried(model="validation.OrganisationPolicy", name="schemas/exigences"),
    Carried(model="validation.Verdict", name="schemas/verdicts", dataset="dataset_version__dataset"),
)

LEFT = {
    "validation.EntryDraft": OF_THE_MACHINE,
}
