"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import OF_THE_MACHINE, TOLD_ELSEWHERE, Carried

CARRIED = (
    Carried(model="records.RecordFile", name="documents/documents-des-fiches"),
    Carried(model="records.FormerAddress", name="sites/anciennes-adresses-des-fiches"),
)

LEFT = {
    "records.RecordLogEntry": TOLD_ELSEWHERE,
    "records.Submission": OF_THE_MACHINE,
    "records.Stamp": OF_THE_MACHINE,
}
