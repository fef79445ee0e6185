"""Text that people write, as safe HTML: a small Markdown without headings, pictures or raw HTML."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre", "hr"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
LINK_REL = "nofollow ugc noopener noreferrer"

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")


def to_html(text: str) -> str:
    """Markdown to HTML of the allow-list above. Written headings become bold: those of a page are ours."""
    tokens = _MARKDOWN.parse(text)
    for before, inline, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.type == "heading_open":
            before.tag = after.tag = "p"
            inline.children = [
                Token("strong_open", "strong", 1),
                *(inline.children or []),
                Token("strong_close", "strong", -1),
            ]
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=LINK_REL,
    )
