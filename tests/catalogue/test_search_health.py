"""The page on which an administrator sees how search is; whatever is away, it opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.models import Outbox
from search.engine import get_engine, registered
from tests.catalogue.conftest import SignIn
from tests.conftest import Cast

Page = Callable[[], str]


@pytest.fixture
def page(cast: Cast, sign_in: SignIn) -> Page:
    """The page in English, asked with the same few queries whatever it finds."""
    assert cast.administrator.organisation is not None
    client = sign_in(cast.administrator)
    url = f"/en/o/{cast.administrator.organisation.public_id}/search/health/"

    def get() -> str:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            response = client.get(url)
        assert response.status_code == 200
        assert len(asked) <= 10
        return str(response.content.decode())

    return get


def test_indexes_that_answer(page: Page) -> None:
    for name in registered():
        get_engine(name).rebuild([])
    shown = page()
    assert shown.count("<span>Answers</span>") == len(registered()) == 4
    assert "Off: words alone are searched" in shown
    assert "0 effects wait for the worker." in shown
    assert "None given up" in shown


def test_a_missing_index_is_shown_as_away(page: Page, settings: Any, tmp_path: Any) -> None:
    settings.SEARCH_URL, settings.SEARCH_DIR = "", tmp_path
    shown = page()
    assert shown.count("<span>Away</span>") == 4
    assert "manage.py reindex" in shown


def test_an_engine_that_cannot_load_is_shown_as_away(page: Page, settings: Any) -> None:
    settings.SEARCH_URL = "solr://somewhere"
    assert page().count("<span>Away</span>") == 4


def test_the_servers_key_is_not_shown(page: Page, settings: Any) -> None:
    settings.SEARCH_URL = "meilisearch://secretkey@127.0.0.1:9/none"
    shown = page()
    assert "secretkey" not in shown
    assert "Engine: meilisearch." in shown


def test_what_waits_and_what_was_given_up_is_counted(page: Page) -> None:
    Outbox.objects.create(handler="catalogue.reindex", payload={})
    Outbox.objects.create(handler="catalogue.reindex", payload={}, attempts=3)
    Outbox.objects.create(handler="catalogue.reindex", payload={}, state="dead")
    shown = page()
    assert "2 effects wait for the worker." in shown
    assert "1 of them is being tried again." in shown
    assert "1 given up" in shown
