"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import OF_THE_MACHINE

LEFT = {
    "writing.Answer": OF_THE_MACHINE,
}
