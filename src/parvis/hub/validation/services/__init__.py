"""Everything that changes what is checked: schemas chosen, what an invalid version meets, verdicts."""

from parvis.hub.validation.services.dataset_schema import (
    dismiss_newer,
    follow,
    set_default,
    set_enforcement,
    stop_following,
    take_newer,
)
from parvis.hub.validation.services.entry import change_rows, drop_draft, is_behind, open_draft, save_draft
from parvis.hub.validation.services.import_schema import adopt, change_steps, choose_for_import, refuse_proposals
from parvis.hub.validation.services.schema_copies import keep_schema, ref_from
from parvis.hub.validation.services.verdicts import ask_to_check, ask_to_recheck, record_verdict

__all__ = [
    "adopt",
    "ask_to_check",
    "ask_to_recheck",
    "change_rows",
    "change_steps",
    "choose_for_import",
    "dismiss_newer",
    "drop_draft",
    "follow",
    "is_behind",
    "keep_schema",
    "open_draft",
    "record_verdict",
    "ref_from",
    "refuse_proposals",
    "save_draft",
    "set_default",
    "set_enforcement",
    "stop_following",
    "take_newer",
]
