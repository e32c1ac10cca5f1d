"""Why a result stands where it stands: measured, never guessed."""
