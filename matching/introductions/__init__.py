"""From a ranked fit to an introduction: the city asks, a broker checks, the vendor accepts."""

from matching.introductions.asking import request, suggest
from matching.introductions.contacts import contact_for, withdraw_consent
from matching.introductions.life import BROKER, CITY, LIFE, SYSTEM, VENDOR
from matching.introductions.moves import (
    EXPIRES_AFTER,
    accept,
    close,
    decline,
    expire_overdue,
    forward,
    stop,
    take_up,
    turn_down,
    withdraw,
)

__all__ = [
    "BROKER",
    "CITY",
    "EXPIRES_AFTER",
    "LIFE",
    "SYSTEM",
    "VENDOR",
    "accept",
    "close",
    "contact_for",
    "decline",
    "expire_overdue",
    "forward",
    "request",
    "stop",
    "suggest",
    "take_up",
    "turn_down",
    "withdraw",
    "withdraw_consent",
]
