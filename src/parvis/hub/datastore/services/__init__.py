"""Everything that changes the data: files received, imports, versions kept, order after a crash."""

from parvis.hub.datastore.services.comparisons import comparison_of
from parvis.hub.datastore.services.deposits import abandon, append, deposit_file, deposit_original, open_deposit
from parvis.hub.datastore.services.hollow import add_hollow_version, forget_hollow_versions, note_rows
from parvis.hub.datastore.services.imports import (
    attach_dataset,
    cancel_import,
    correct_import,
    examine_import,
    import_again,
    run_import,
    run_import_here,
    start_import,
)
from parvis.hub.datastore.services.prepared_files import ask_for_missing, ask_to_prepare, forget_prepared, prepare
from parvis.hub.datastore.services.recipes import keep_steps, take_again
from parvis.hub.datastore.services.recovery import recover
from parvis.hub.datastore.services.version_facts import ask_for_facts, fill_facts
from parvis.hub.datastore.services.versions import discard_empty, discard_version, prune_versions

__all__ = [
    "abandon",
    "add_hollow_version",
    "append",
    "ask_for_facts",
    "ask_for_missing",
    "ask_to_prepare",
    "attach_dataset",
    "cancel_import",
    "comparison_of",
    "correct_import",
    "deposit_file",
    "deposit_original",
    "discard_empty",
    "discard_version",
    "examine_import",
    "fill_facts",
    "forget_hollow_versions",
    "forget_prepared",
    "import_again",
    "keep_steps",
    "note_rows",
    "open_deposit",
    "prepare",
    "prune_versions",
    "recover",
    "run_import",
    "run_import_here",
    "start_import",
    "take_again",
]
