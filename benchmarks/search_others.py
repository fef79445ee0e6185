"""What others would use: Meilisearch as it comes, PostgreSQL, SQLite. Each as its own documents advise."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.relevance_engines import plain_index
from benchmarks.search_corpus import FACETS, Asked
from benchmarks.search_servers import Server
from benchmarks.search_systems import PER_PAGE, SUGGESTED, Documents, probed
from catalogue.indexing import INDEX
from search.documents import Document, values_of

BATCH = 5_000
_RANKED = "ts_rank(words, plainto_tsquery('simple', %s)) + word_similarity(%s, name)"
_TEXTS = tuple(field.name for field in INDEX.texts)


class PlainMeilisearch:
    """The texts as they are, its own Thai at work; counts without their own filter in one request."""

    name = "plain Meilisearch"

    def __init__(self, server: Server) -> None:
        self.server = server

    def build(self, documents: Documents) -> None:
        self._index = plain_index(self.server, "plain_speed", INDEX, documents)

    def faceted(self, asked: Asked) -> int:
        filters = [f"{field} = '{value}'" for field, value in asked.filters]
        own = [field for field, _ in asked.filters]
        options: dict[str, Any] = {
            "limit": PER_PAGE,
            "filter": filters,
            "facets": [name for name in FACETS if name not in own],
            "attributesToRetrieve": ["id"],
        }
        found = self._index.search(asked.text, options)
        for field in own:
            rest = [one for one, (name, _) in zip(filters, asked.filters, strict=True) if name != field]
            self._index.search(asked.text, {"limit": 0, "filter": rest, "facets": [field]})
        return int(found["estimatedTotalHits"])

    def keystroke(self, text: str) -> int:
        options = {"limit": SUGGESTED, "attributesToRetrieve": ["id"]}
        return int(self._index.search(text, options)["estimatedTotalHits"])

    def sentence(self, text: str) -> int:
        options = {"limit": PER_PAGE, "matchingStrategy": "frequency", "attributesToRetrieve": ["id"]}
        return int(self._index.search(text, options)["estimatedTotalHits"])

    def disk(self) -> int:
        return self.server.bytes_on_disk

    def memory(self) -> int:
        return self.server.memory


class PostgreSQL:
    """Full text for words between spaces, trigrams for what stands inside them; counts by GROUP BY."""

    name = "PostgreSQL"

    def __init__(self, server: Server) -> None:
        self.server = server
        host, _, port = server.address.partition(":")
        self._connection = psycopg.connect(
            host=host,
            port=int(port),
            user="postgres",
            dbname="postgres",
            autocommit=True,
            options="-c jit=off",
        )

    def build(self, documents: Documents) -> None:
        lists = ", ".join(f"{name} text[] NOT NULL" for name in FACETS)
        run = self._connection.execute
        run("DROP TABLE IF EXISTS service")
        run("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        run(f"CREATE TABLE service (id text PRIMARY KEY, name text, said text, words tsvector, {lists})")
        columns = f"id, name, said, {', '.join(FACETS)}"
        with self._connection.cursor() as cursor, cursor.copy(f"COPY service ({columns}) FROM STDIN") as copy:
            for one in documents:
                said = _said(one).lower()
                copy.write_row([one.id, said.partition("\n")[0], said, *(_values(one, f) for f in FACETS)])
        run("UPDATE service SET words = to_tsvector('simple', said)")
        run("VACUUM FULL service")
        run("CREATE INDEX ON service USING gin (words)")
        run("CREATE INDEX ON service USING gin (said gin_trgm_ops)")
        run("ANALYZE service")

    def faceted(self, asked: Asked) -> int:
        where, values = self._where(asked.text)
        filters = [(f"%s = ANY({field})", value) for field, value in asked.filters]
        narrowed = " AND ".join([where, *(clause for clause, _ in filters)])
        given = [*values, *(value for _, value in filters)]
        total = self._page(narrowed, given, _RANKED, [asked.text] * 2, PER_PAGE)
        for field in FACETS:
            kept = [pair for pair, (name, _) in zip(filters, asked.filters, strict=True) if name != field]
            clause = " AND ".join([where, *(one for one, _ in kept)])
            self._connection.execute(
                f"SELECT one, count(*) FROM service, unnest({field}) one WHERE {clause} GROUP BY one",
                [*values, *(value for _, value in kept)],
            ).fetchall()
        return total

    def keystroke(self, text: str) -> int:
        where, values = self._where(text)
        return self._page(where, values, _RANKED, [text, text], SUGGESTED)

    def sentence(self, text: str) -> int:
        words = [word for word in text.split() if len(word) > 2] or [text]
        where = " OR ".join(["said LIKE %s"] * len(words))
        any_word = "replace(plainto_tsquery('simple', %s)::text, '&', '|')::tsquery"
        return self._page(
            f"({where})", [_like(word) for word in words], f"ts_rank(words, {any_word})", [text], PER_PAGE
        )

    def disk(self) -> int:
        found = self._connection.execute("SELECT pg_total_relation_size('service')").fetchone()
        return int(found[0]) if found else 0

    def memory(self) -> int:
        return self.server.memory

    def close(self) -> None:
        self._connection.close()

    def _where(self, text: str) -> tuple[str, list[str]]:
        words = text.split() or [text]
        inside = " AND ".join(["said LIKE %s"] * len(words))
        return f"(words @@ plainto_tsquery('simple', %s) OR ({inside}))", [text, *map(_like, words)]

    def _page(
        self, where: str, values: Sequence[str], ranked: str, ranking: Sequence[str], limit: int
    ) -> int:
        rows = self._connection.execute(
            f"SELECT id, count(*) OVER () FROM service WHERE {where} ORDER BY {ranked} DESC LIMIT {limit}",
            [*values, *ranking],
        ).fetchall()
        return int(rows[0][1]) if rows else 0


class SQLite:
    """FTS5 over trigrams; facets in a table of their own."""

    name = "SQLite FTS5 trigram"

    def __init__(self, folder: Path) -> None:
        self.path = folder / "fts.sqlite3"

    def open(self) -> None:
        """Answers from the file that is there."""
        self._connection = sqlite3.connect(self.path, isolation_level=None)
        self._connection.execute("CREATE TEMP TABLE hit (service INTEGER PRIMARY KEY)")

    def build(self, documents: Documents) -> None:
        self.path.unlink(missing_ok=True)
        self.open()
        run = self._connection.execute
        run("BEGIN")
        run(f"CREATE VIRTUAL TABLE service USING fts5({', '.join(_TEXTS)}, tokenize='trigram')")
        run("CREATE TABLE facet (field TEXT, value TEXT, service INTEGER) STRICT")
        places = ", ".join("?" * (len(_TEXTS) + 1))
        rows = enumerate(documents)
        while batch := list(islice(rows, BATCH)):
            texts = [(number, *(_text(one, name) for name in _TEXTS)) for number, one in batch]
            self._connection.executemany(
                f"INSERT INTO service (rowid, {', '.join(_TEXTS)}) VALUES ({places})", texts
            )
            self._connection.executemany("INSERT INTO facet VALUES (?, ?, ?)", _facet_rows(batch))
        run("CREATE INDEX facet_by_value ON facet (field, value, service)")
        run("CREATE INDEX facet_by_service ON facet (service, field, value)")
        run("INSERT INTO service (service) VALUES ('optimize')")
        run("COMMIT")
        run("ANALYZE")

    def faceted(self, asked: Asked) -> int:
        run = self._connection.execute
        total = self._page(_trigrams(asked.text, " AND "), asked.filters, PER_PAGE)
        run("DELETE FROM temp.hit")
        run(
            "INSERT INTO temp.hit SELECT rowid FROM service WHERE service MATCH ?",
            [_trigrams(asked.text, " AND ")],
        )
        for field in FACETS:
            inside, values = _narrowed("hit.service", [one for one in asked.filters if one[0] != field])
            run(
                "SELECT value, count(*) FROM temp.hit CROSS JOIN facet ON facet.service = hit.service "
                f"WHERE facet.field = ?{inside} GROUP BY value",
                [field, *values],
            ).fetchall()
        return total

    def keystroke(self, text: str) -> int:
        return self._page(_trigrams(text, " AND "), (), SUGGESTED)

    def sentence(self, text: str) -> int:
        return self._page(_trigrams(text, " OR "), (), PER_PAGE)

    def disk(self) -> int:
        return self.path.stat().st_size

    def memory(self) -> int:
        return probed("sqlite", self.path.parent)

    def _page(self, match: str, filters: Sequence[tuple[str, str]], limit: int) -> int:
        inside, values = _narrowed("service.rowid", filters)
        where = f"FROM service WHERE service MATCH ?{inside}"
        weights = ", ".join(str(field.boost) for field in INDEX.texts)
        self._connection.execute(
            f"SELECT rowid {where} ORDER BY bm25(service, {weights}) LIMIT {limit}", [match, *values]
        ).fetchall()
        return int(self._connection.execute(f"SELECT count(*) {where}", [match, *values]).fetchone()[0])


def _narrowed(service: str, filters: Sequence[tuple[str, str]]) -> tuple[str, list[str]]:
    clause = (
        f" AND EXISTS (SELECT 1 FROM facet f WHERE f.service = {service} AND f.field = ? AND f.value = ?)"
    )
    return clause * len(filters), [part for pair in filters for part in pair]


def _trigrams(text: str, joined: str) -> str:
    """A MATCH of the words between spaces that are long enough for a trigram."""
    words = [word.replace('"', '""') for word in text.split() if len(word) > 2]
    return joined.join(f'"{word}"' for word in words) or '"\u0001\u0001\u0001"'


def _facet_rows(batch: Sequence[tuple[int, Document]]) -> Iterator[tuple[str, str, int]]:
    for number, one in batch:
        for field in FACETS:
            for value in _values(one, field):
                yield field, value, number


def _like(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped.lower()}%"


def _values(document: Document, field: str) -> list[str]:
    return [str(value) for value in values_of(document.fields.get(field))]


def _text(document: Document, field: str) -> str:
    return "\n".join(_values(document, field))


def _said(document: Document) -> str:
    return "\n".join(_text(document, name) for name in _TEXTS)
