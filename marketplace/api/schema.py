"""How the OpenAPI document describes every operation: its noun, its problems, its page parameters."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse

from marketplace.api.problems import CONTENT_TYPE, ProblemSerializer

PROBLEMS = {
    400: "Something in the request is missing or wrong; `errors` says what.",
    403: "Not signed in, or the role does not allow it; `detail` says who may.",
    404: "Nothing here that you can see: the same for what does not exist and for what is another's.",
    409: "It is no longer as you saw it; `changed` says what changed. Nothing was written.",
    410: "It was public and is withdrawn; `detail` says why.",
    413: "The request is larger than one megabyte.",
    415: "Only application/json is accepted.",
    429: "Too many requests; Retry-After says how many seconds to wait.",
}
READING = (400, 404, 429)
WRITING = (400, 403, 404, 409, 413, 415, 429)


class Described(AutoSchema):
    """Adds to each operation the problems that it may answer with."""

    def get_tags(self) -> list[str]:
        return self._tokenize_path()[:1]

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        statuses = READING if self.method == "GET" else WRITING
        for status in (*statuses, *getattr(self.view, "also_answers", ())):
            described = OpenApiResponse(ProblemSerializer, PROBLEMS[status])
            bodies.setdefault(
                str(status),
                self._get_response_for_code(described, str(status), [CONTENT_TYPE], direction),
            )
        return dict(sorted(bodies.items()))
