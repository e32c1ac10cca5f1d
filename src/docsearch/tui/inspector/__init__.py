"""Why one result stands where it stands."""
