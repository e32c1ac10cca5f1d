"""Why a result stands where it stands, and where a file was lost."""
