"""The pure part of the agenda: events, their times, the formats that carry them. Neither Django nor the hub is known here."""
