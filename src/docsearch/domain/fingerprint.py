"""What makes stored vectors or scores stale.

In: the facts that a number depends on. Out: a short text that changes whenever one of them does.
"""

from __future__ import annotations

import hashlib
import json


def fingerprint(**facts: str | int | float | bool | None) -> str:
    """A 16-character digest of the named facts, independent of their order."""
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
