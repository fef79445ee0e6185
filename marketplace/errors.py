"""What a verb may answer instead of doing its work. Pages and API translate each once."""

from django.core.exceptions import PermissionDenied, ValidationError


class NotAllowed(PermissionDenied):
    """The actor may see the object but not do this to it: 403. The message says who may."""


class Conflict(Exception):
    """The object is no longer in the state the actor saw: 409.

    ``changed`` lists what changed since, as pairs (label, present value).
    """

    def __init__(self, message: str, changed: list[tuple[str, str]] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.changed = changed or []


class Invalid(ValidationError):
    """Input that a verb refuses: a mapping of field to messages. Nothing was written."""


class Gone(Exception):
    """It was public and is withdrawn: 410 with the reason."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
