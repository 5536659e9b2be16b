"""What is written or measured inside the measured instance, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping


def inside(script: str, environment: Mapping[str, str], *arguments: str, seconds: float = 300) -> str:
    """What a script says that runs with the settings of that instance; RuntimeError with what went wrong otherwise."""
    command = [sys.executable, "-c", f"import django\ndjango.setup()\n{script}", *arguments]
    whole = {**environment, "DJANGO_SETTINGS_MODULE": "parvis.config.settings"}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=whole, timeout=seconds)
    if run.returncode:
        raise RuntimeError(run.stderr.strip()[-2000:])
    return run.stdout
