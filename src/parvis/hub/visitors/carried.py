"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import NEVER, OF_THE_MACHINE

LEFT = {
    "visitors.Sending": OF_THE_MACHINE,
    "visitors.Receipt": NEVER,
}
