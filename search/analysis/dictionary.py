"""Which Thai words there are, asked of the segmenter's own dictionary."""

from __future__ import annotations

from functools import lru_cache

import thaibreak

#: No word of the dictionary is longer.
_LONGEST = 40


@lru_cache(maxsize=32_768)
def is_word(text: str) -> bool:
    """Whether a folded Thai text is one word of the dictionary.

    The dictionary has no door of its own: only a word that it knows is cut off from its own repetition
    (ขยะขยะ → ขยะ, ขยะ), while letters that it does not know run together (ทวมทวม).
    """
    return 1 < len(text) <= _LONGEST and thaibreak.words(text * 2) == [text, text]
