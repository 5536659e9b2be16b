"""The background process that ``parvis serve`` starts: ``python -m parvis.config.worker PID QUEUE…``; it ends with that one."""

from __future__ import annotations

import os
import sys

import django

from parvis.core.unused import leave_pandas_out

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    leave_pandas_out()
    django.setup()
    from parvis.hub.jobs.worker import work

    work(int(sys.argv[1]) if len(sys.argv) > 1 else None, *sys.argv[2:])
