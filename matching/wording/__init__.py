"""What scoring says in codes, put into words of the reader's language.

`fact` and `question` take a code with its parameters as stored in a match; `criterion` names what was asked.
`Names` holds the words of all codes, read once a page.
"""

from matching.wording.criteria import CriterionLabels, criterion
from matching.wording.facts import FACTS, fact
from matching.wording.names import Names, names
from matching.wording.questions import QUESTIONS, question
from matching.wording.score import BANDS, STATUSES, band, kept_words

__all__ = [
    "BANDS",
    "FACTS",
    "QUESTIONS",
    "STATUSES",
    "CriterionLabels",
    "Names",
    "band",
    "criterion",
    "fact",
    "kept_words",
    "names",
    "question",
]
