"""What was read from a report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reading:
    """`summary` is for people, `figures` are compared with those of the previous release.

    `problems` are sentences about what the report leaves open: what it does not say is unknown,
    never fine. `summary["tool"]` names the program that wrote it, where it says so.
    """

    summary: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


class Unreadable(Exception):
    """The body is not what its kind says; `line` and `column` count from 1, 0 is unknown."""

    def __init__(self, sentence: str, line: int = 0, column: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line
        self.column = column
