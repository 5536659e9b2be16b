"""Background work: progress, cancellation, taken up again when its worker dies."""
