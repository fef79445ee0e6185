"""A lifecycle is one table of moves; buttons, API and tests read it, and only ``perform`` walks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from marketplace import events
from marketplace.errors import Conflict, Invalid
from marketplace.models import PublicModel, database_now
from marketplace.permissions import Actor, require

Row = TypeVar("Row", bound=PublicModel)


@dataclass(frozen=True, slots=True)
class Move:
    """One row of a lifecycle: from which states, to which, by whom.

    ``who`` names the parties that may make the move; "system" is ``by=None``.
    ``reason`` says that a note must be given, because somebody is told it.
    """

    name: str
    label: str | Promise
    from_states: tuple[str, ...]
    to_state: str
    who: tuple[str, ...]
    reason: bool = False


class Lifecycle:
    """The table of one kind of thing, and who counts as which party to one of them.

    ``parties(row, actor)`` returns the names of the parties that the actor is to the row.
    """

    def __init__(self, moves: tuple[Move, ...], parties: Callable[[Any, Actor], frozenset[str]]) -> None:
        self.moves = {move.name: move for move in moves}
        self.parties = parties

    def open_to(self, row: Any, by: Actor) -> list[Move]:
        """The moves that the actor may make now, in the table's order."""
        mine = self.parties(row, by)
        return [m for m in self.moves.values() if row.state in m.from_states and mine & set(m.who)]

    def check(self, row: Any, name: str, *, by: Actor | None, note: str = "") -> Move:
        """The move, if it is allowed from here to this actor.

        Raises:
            NotAllowed: the actor is no party that may make it.
            Conflict: the row is not in a state to make it from.
            Invalid: the move needs a reason and none was given.
        """
        move = self.moves[name]
        mine = frozenset({"system"}) if by is None else self.parties(row, by)
        require(bool(mine & set(move.who)))
        if row.state not in move.from_states:
            raise Conflict(
                _("This has changed since you opened it. It is now: %(state)s.")
                % {"state": row.get_state_display()},
                [(_("State"), str(row.get_state_display()))],
            )
        if move.reason and not note.strip():
            raise Invalid({"note": _("Write the reason. The other side reads it.")})
        return move

    def perform(
        self,
        row: Row,
        name: str,
        *,
        by: Actor | None,
        note: str = "",
        changes: Callable[[Any, Any], None] | None = None,
        data: dict[str, Any] | None = None,
    ) -> Row:
        """Make the move on a freshly locked row and write its one event.

        ``changes(row, now)`` sets what else the move sets, after the checks and before the save.
        Returns the locked row as saved. Raises as ``check`` does; then nothing was written.
        """
        with transaction.atomic():
            fresh: Any = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
            move = self.check(fresh, name, by=by, note=note)
            before, now = fresh.state, database_now()
            fresh.state, fresh.state_since = move.to_state, now
            if hasattr(fresh, "state_reason") and note:
                fresh.state_reason = note
            if changes is not None:
                changes(fresh, now)
            fresh.save()
            events.record(fresh, name, by=by, from_state=before, to_state=fresh.state, note=note, data=data)
        return fresh
