"""What a page needs, read in few queries. Reads through the units' ports only; shapes are made in `views`."""
