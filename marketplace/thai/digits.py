"""Thai digits in what people type."""

from __future__ import annotations

_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def to_arabic(text: str) -> str:
    """The same text with ๐–๙ written as 0–9; everything else, and the length, stay as they were."""
    return text.translate(_TO_ARABIC)
