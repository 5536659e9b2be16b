"""What was answered to programs, so that what is asked twice is done once."""

from __future__ import annotations

from django.db import models


class Answer(models.Model):
    """The answer to one request that named itself (``Idempotency-Key``), kept a day for the key that sent it."""

    key = models.ForeignKey("apikeys.ApiKey", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    """Of the name that the program gave the request."""
    question = models.CharField(max_length=64)
    """Of what was asked: the same name with another request is a mistake."""
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")
    """Encrypted: the answer may hold a new key."""
    created = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "digest"], name="one_answer_a_name")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.digest[:8]}"
