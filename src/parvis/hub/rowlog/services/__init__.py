"""What is done with pushed rows: choose who takes them, take them, show them, undo them, make versions of them."""
