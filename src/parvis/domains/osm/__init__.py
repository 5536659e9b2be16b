"""A town's data and OpenStreetMap: extracts received, differences found and decided one by one, what is sent there."""
