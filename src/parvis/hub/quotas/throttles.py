"""The cache of sign-in attempts and of codes already used: in the database, where only time removes what was written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections


class ThrottleCache(DatabaseCache):
    """Django's cache in the database, which never makes room at the expense of what is still of use.

    Its own removes a third of the entries, whichever they are, once there are too many: anyone who can add entries could then
    have those that bar the way to an account removed. Here entries go when they expire; beyond the bound, which thousands of
    addresses would need to reach, those that are about to.
    """

    def _cull(self, db: str, cursor: Any, now: datetime, num: int) -> None:
        connection = connections[db]
        table, expires, key = map(connection.ops.quote_name, (self._table, "expires", "cache_key"))
        cursor.execute(f"DELETE FROM {table} WHERE {expires} < %s", [connection.ops.adapt_datetimefield_value(now)])
        beyond = num - cursor.rowcount - self._max_entries
        if beyond > 0:
            ending = f"SELECT {key} FROM {table} ORDER BY {expires} LIMIT %s"
            cursor.execute(f"DELETE FROM {table} WHERE {key} IN ({ending})", [beyond])
