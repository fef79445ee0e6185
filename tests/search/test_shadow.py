"""Words as letters that a server leaves alone, and values that its loose comparison cannot confuse."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import tokens
from search.documents import SearchError
from search.engine import AllOf, OneOf, Range
from search.meilisearch_engine import filters
from search.meilisearch_engine.server import Address
from search.meilisearch_engine.values import code, from_keyword, keyword, seconds
from search.shadow import MAX_LETTERS, decode, encode, encode_all
from tests.search.conftest import SERVICES

ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
THAI = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B), min_size=1, max_size=40)


@given(THAI | ANY)
def test_a_word_comes_back_unless_it_is_long(token):
    word = encode(token)
    assert len(word) <= MAX_LETTERS
    if len(word) < MAX_LETTERS:
        assert decode(word) == token


@given(THAI)
def test_each_thai_code_point_is_one_letter_that_nothing_normalises(token):
    word = encode(token)
    assert len(word) == len(token)
    assert unicodedata.normalize("NFKD", word).casefold() == word
    assert {unicodedata.category(letter) for letter in word} == {"Lo"}


@given(ANY, ANY)
def test_different_words_stay_different(one, other):
    assert (encode(one) == encode(other)) == (one == other)
    assert (code(one) == code(other)) == (one == other)


@given(ANY)
def test_every_token_is_one_word(text):
    said = tokens(text)
    assert encode_all(said).split() == [encode(one) for one in said]
    assert all(len(encode(one).encode()) <= 3 * MAX_LETTERS for one in said)


def test_latin_and_digits_stay_and_signs_do_not():
    assert encode("cctv2") == "cctv2"
    # The server cuts where scripts meet.
    assert all("\u1200" <= letter <= "\u135a" for letter in encode("=mosquito-control2.5"))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=64))
def test_a_keyword_comes_back_and_is_plain(value):
    stored = keyword(value)
    assert from_keyword(stored) == value
    assert stored.isascii()
    assert stored == stored.lower()
    assert len(stored) <= 430


@given(ANY, ANY)
def test_what_is_quoted_ends_where_it_ends(one, other):
    """Every quote inside is escaped, and so is every backslash: none of them can end the string."""
    inside = filters.quoted(one + '"' + other)[1:-1]
    assert '"' not in inside.replace("\\\\", "").replace('\\"', "")


def test_filters_are_written_from_names_and_values():
    asked = [OneOf("kind", ["a b", "saas"]), AllOf("dimension", ["living"]), Range("price", 1e-7, 1e20)]
    assert filters.restrictions(SERVICES, asked) == [
        f'kind IN ["{keyword("a b")}", "saas"]',
        '(dimension = "living")',
        "price 0.0000001 TO 100000000000000000000",
    ]
    assert filters.restrictions(SERVICES, [OneOf("id", ['x"] OR id EXISTS'])]) == [filters.NOTHING]
    with pytest.raises(SearchError):
        filters.restrictions(SERVICES, [OneOf("kind = 1 OR kind", ["x"])])


def test_at_least_so_many():
    assert filters.at_least(1, ["a", "b"]) == "(a) OR (b)"
    assert filters.at_least(2, ["a", "b"]) == "(a) AND (b)"
    assert filters.at_least(2, ["a", "b", "c"]) == "((a) AND ((b) OR (c))) OR ((b) AND ((c)))"


def test_moments_are_whole_seconds():
    assert seconds(datetime(2026, 11, 23, tzinfo=UTC)) == 1_795_392_000


@pytest.mark.parametrize(
    "where", ["", "/p", "host:0x/p", "host/P p", "host:7700/a/b", "host/p?tls=2", "[::1/p"]
)
def test_what_is_no_address_is_an_error_of_search(where):
    with pytest.raises(SearchError):
        Address.parse(where)


def test_an_address():
    assert Address.parse("s%40k@10.0.0.1:7701/market?tls=1") == Address(
        "10.0.0.1", 7701, "market", True, "s@k"
    )
    assert Address.parse("host") == Address("host", 7700, "marketplace")
    assert "secret" not in repr(Address.parse("secret@host"))
