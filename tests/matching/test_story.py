"""The whole story through the verbs: published, needed, matched, introduced."""

from __future__ import annotations

import pytest

from marketplace import events, outbox
from marketplace.errors import Conflict, NotAllowed
from matching import introductions, runs
from tests import factories
from tests.conftest import Cast


def test_from_a_listing_to_an_introduction(cast: Cast) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    need = factories.need(cast.official, state="published", dimensions=["environment"])
    outbox.drain()
    run = runs.latest(need)
    assert run is not None
    match = run.matches.get()
    assert (match.kept, match.service) == (True, service)
    assert sum(r["points"] for r in match.reasons if r["level"] != "must") == match.score * 10
    assert runs.recompute(run).to_json() == runs.unpacked(run.result)

    asked = introductions.request(service, by=cast.official, consent=True, need=need, match=match)
    with pytest.raises(Conflict):
        introductions.request(service, by=cast.official, consent=True, need=need)
    with pytest.raises(NotAllowed):
        introductions.forward(asked, by=cast.owner)
    introductions.forward(asked, by=cast.broker)
    done = introductions.accept(asked, by=cast.owner, consent=True)
    assert done.state == "introduced"
    assert introductions.contact_for(done, cast.official) == cast.owner.user
    assert introductions.contact_for(done, cast.owner) == cast.official.user
    assert introductions.contact_for(done, cast.rival) is None

    introductions.withdraw_consent(done, by=cast.official)
    done.refresh_from_db()
    assert introductions.contact_for(done, cast.owner) is None
    moves = [e.move for e in events.of(done)]
    assert moves == ["request", "forward", "accept", "introduce"]
    assert list(events.broken_links()) == []
