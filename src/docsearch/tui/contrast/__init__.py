"""Why one result is above another."""
