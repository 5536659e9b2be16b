"""Deliveries: files that somebody promised, when, under which schema; links to send them by; verdicts, decisions, a board."""
