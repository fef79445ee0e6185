import pytest

from search.documents import SearchError
from search.engine import get_engine, register, registered, source_of
from tests.search.conftest import SERVICES


@pytest.mark.parametrize("url", ["nonsense", "solr://localhost", "://", "tantivy:/x"])
def test_an_unknown_engine_is_an_error_of_search(registry, settings, url):
    register(SERVICES)
    settings.SEARCH_URL = url
    with pytest.raises(SearchError):
        get_engine()


def test_an_unregistered_index_is_an_error_of_search(registry):
    with pytest.raises(SearchError):
        get_engine("secrets")


@pytest.mark.parametrize("url", ["", "tantivy://"])
def test_the_default_lives_in_search_dir(registry, settings, tmp_path, url):
    settings.SEARCH_URL, settings.SEARCH_DIR = url, tmp_path
    register(SERVICES)
    get_engine().rebuild([])
    assert (tmp_path / "services" / "CURRENT").is_file()


def test_what_is_registered_is_known(registry):
    register(SERVICES, list)
    assert registered() == ("services",)
    assert list(source_of("services")()) == []
