"""The blocks of which pages are made, a small file each; ``body`` puts them together."""
