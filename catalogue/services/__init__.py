"""The life of a service: drafted and submitted by its vendor, published by a reviewer."""

from catalogue.services.changes import Change, changed_answers, changes
from catalogue.services.life import LIFE, REVIEWER, REVISION_MOVES, VENDOR, moves_open_to, parties
from catalogue.services.moves import (
    approve_revision,
    publish,
    refuse,
    reindex,
    request_changes,
    restore,
    return_revision,
    submit,
    submit_revision,
    suspend,
    take_back,
    withdraw,
)
from catalogue.services.versions import Content, add, check_complete, open_versions, save

__all__ = [
    "LIFE",
    "REVIEWER",
    "REVISION_MOVES",
    "VENDOR",
    "Change",
    "Content",
    "add",
    "approve_revision",
    "changed_answers",
    "changes",
    "check_complete",
    "moves_open_to",
    "open_versions",
    "parties",
    "publish",
    "refuse",
    "reindex",
    "request_changes",
    "restore",
    "return_revision",
    "save",
    "submit",
    "submit_revision",
    "suspend",
    "take_back",
    "withdraw",
]
