"""The four catalogues of Thai texts, one a room: which texts each must hold, reading, writing, compiling."""

from __future__ import annotations

import os
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings

from marketplace.translation import foreign
from marketplace.translation.extraction import singular, texts_of

ROOMS = ("marketplace", "catalogue", "matching", "search")
# Templates of these folders belong to the room of the same name; all others to the site.
ROOMS_WITH_TEMPLATES = ("catalogue", "matching")
# No dates, no line numbers: a diff shows texts that changed, and nothing else.
HEADER = """\
msgid ""
msgstr ""
"Language: th\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def po_of(room: str) -> Path:
    return Path(settings.BASE_DIR) / room / "locale" / "th" / "LC_MESSAGES" / "django.po"


def sources_of(room: str) -> list[Path]:
    """The files whose texts belong to a room's catalogue."""
    base = Path(settings.BASE_DIR)
    python = [path for path in (base / room).rglob("*.py") if "migrations" not in path.parts]
    templates = base / "templates"
    if room in ROOMS_WITH_TEMPLATES:
        pages = list((templates / room).rglob("*.*"))
    elif room == "marketplace":
        pages = [
            path
            for path in templates.rglob("*.*")
            if path.relative_to(templates).parts[0] not in ROOMS_WITH_TEMPLATES
        ]
    else:
        pages = []
    return sorted(path for path in (*python, *pages) if path.is_file())


def wanted_of(room: str) -> Catalog:
    """Every text that the room's catalogue must hold, without translations."""
    catalog = texts_of(sources_of(room))
    if room == "marketplace":
        foreign.merge_into(catalog)
    return catalog


def read(room: str) -> Catalog:
    """The room's catalogue as it stands in the tree; empty if there is none yet."""
    path = po_of(room)
    if not path.exists():
        return Catalog(locale="th")
    with path.open("rb") as file:
        return read_po(file, locale="th", abort_invalid=True)


def merged(wanted: Catalog, present: Catalog, others: list[Catalog]) -> Catalog:
    """The wanted texts with the translations there are.

    A text that another room has translated is taken over. A text that is no longer wanted is kept
    as obsolete, so that renaming in steps loses no Thai.
    """
    result = Catalog(locale="th")
    for message in wanted:
        if not message.id:
            continue
        sources = [present.get(message.id, message.context), revived(present, message)]
        sources += [other.get(message.id, message.context) for other in others]
        found = next((source for source in sources if source is not None and is_translated(source)), None)
        thai = first(found.string) if found else ""
        result.add(
            message.id,
            string=thai if isinstance(message.id, str) else (thai,),
            context=message.context,
            flags=found.flags & {"fuzzy"} if found else (),
        )
    for key, message in [*obsolete_of(present, wanted), *present.obsolete.items()]:
        if wanted.get(message.id, message.context) is None and is_translated(message):
            result.obsolete[key] = message
    return result


def revived(present: Catalog, message: Message) -> Message | None:
    return next(
        (old for old in present.obsolete.values() if (old.id, old.context) == (message.id, message.context)),
        None,
    )


def obsolete_of(present: Catalog, wanted: Catalog) -> list[tuple[str, Message]]:
    return [
        (singular(message), message)
        for message in present
        if message.id and wanted.get(message.id, message.context) is None
    ]


def first(string: str | Sequence[str] | None) -> str:
    """Thai has one form for all numbers. Empty if there is no translation."""
    return string if isinstance(string, str) else next(iter(string or ()), "")


def is_translated(message: Message) -> bool:
    return bool(first(message.string))


def write(room: str, catalog: Catalog, keep_obsolete: bool) -> bool:
    """Write the room's .po; return whether it changed."""
    buffer = BytesIO()
    buffer.write(HEADER.encode())
    write_po(
        buffer,
        catalog,
        width=100,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=not keep_obsolete,
    )
    content = buffer.getvalue().rstrip() + b"\n"
    path = po_of(room)
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, content)
    return True


def compile_all() -> list[str]:
    """Write the .mo files that are older than their .po; return the rooms written."""
    written = []
    for room in ROOMS:
        source = po_of(room)
        target = source.with_suffix(".mo")
        if not source.exists() or (
            target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns
        ):
            continue
        buffer = BytesIO()
        write_mo(buffer, read(room))
        replace(target, buffer.getvalue())
        written.append(room)
    return written


def replace(path: Path, content: bytes) -> None:
    """All or nothing: another process may be reading the file."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(path)
