"""Searching texts by their words, with PostgreSQL's full text search and nothing beside it.

Words are compared as they are written ("simple": no language is presumed), lower case, and each
also finds what begins with it, numbers only themselves. Names of code fall apart at their marks,
on both sides alike.
"""

import re
from collections.abc import Iterator

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func, TextField

# What PostgreSQL's parser would keep together as an address, a path, a number or a tag.
_GLUE = "./:-_@+&=?#~\\<>"
_WORD = re.compile(r"[^\s!-/:-@\[-`{-~]+")
_MARK = r"[\s!-/:-@\[-`{-~]"
_MOST_WORDS = 12
# A tsvector holds no more than 1 MB; of longer texts the start is read.
READ_CHARACTERS = 20_000


class Words(Func):
    """The words of a text column; what an index is built on has to be asked in the same way.

    Only its first `READ_CHARACTERS` are read.
    """

    template = (
        "to_tsvector('simple'::regconfig, "
        f"translate(left(%(expressions)s, {READ_CHARACTERS}), '{_GLUE}', '{' ' * len(_GLUE)}'))"
    )
    arity = 1
    output_field = SearchVectorField()


class Together(Func):
    """Several texts, none of them NULL, as one with blanks between them."""

    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = TextField()


def query_of(text: str) -> SearchQuery | None:
    """Ask for all the words of the text, in any order; what is joined by marks (`1.4.0`,
    `read-only`) has to stand together. None where there is no word in it."""
    parts = ["(" + " <-> ".join(map(_term, words)) + ")" for words in chunks_of(text)]
    return SearchQuery(" & ".join(parts), config="simple", search_type="raw") if parts else None


def chunks_of(text: str) -> Iterator[list[str]]:
    """The words that are asked for, those together that marks join; as many as are looked for."""
    left = _MOST_WORDS
    for chunk in text.split():
        words = _WORD.findall(chunk)[:left]
        left -= len(words)
        if words:
            yield words


def patterns_of(text: str) -> list[str]:
    """Regular expressions over a lower-case text. Where each is found, `query_of` is answered, and
    seen much sooner; where one is not, it may be all the same. Empty where that cannot be said."""
    chunks = list(chunks_of(text))
    if any(len(words) > 1 or not words[0].isascii() for words in chunks):
        return []
    return [
        f"(^|{_MARK}){words[0].lower()}" + (f"($|{_MARK})" if words[0].isdecimal() else "")
        for words in chunks
    ]


def _term(word: str) -> str:
    """A word finds what begins with it; a number is itself alone."""
    return f"'{word}'" if word.isdecimal() else f"'{word}':*"


def exact(*groups: tuple[str, ...]) -> SearchQuery:
    """Ask for one whole word of each group."""
    parts = ("(" + " | ".join(f"'{word}'" for word in group) + ")" for group in groups)
    return SearchQuery(" & ".join(parts), config="simple", search_type="raw")
