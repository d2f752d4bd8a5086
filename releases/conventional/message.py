"""What a commit message says, taken apart by the rules of Conventional Commits 1.0.0."""

from dataclasses import dataclass

BREAKING_TOKENS = frozenset({"BREAKING CHANGE", "BREAKING-CHANGE"})


@dataclass(frozen=True, slots=True)
class Footer:
    """One footer, `token: value` or `token #value`; the separator is `": "` or `" #"`."""

    token: str
    separator: str
    value: str

    @property
    def is_breaking(self) -> bool:
        """Rules 12, 15 and 16: upper case, with a blank or a hyphen, and nothing else."""
        return self.token in BREAKING_TOKENS

    @property
    def breaks(self) -> bool:
        """The grammar lets any token announce it with a `!`, as the header does."""
        return self.is_breaking or self.token.endswith("!")


@dataclass(frozen=True, slots=True)
class Message:
    """A message that follows the specification, its parts as they were written.

    Units are to be compared in any case (rule 15), BREAKING CHANGE apart.
    """

    type: str
    scope: str | None
    description: str
    is_breaking: bool
    body: str
    footers: tuple[Footer, ...]

    @property
    def breaking_notes(self) -> tuple[str, ...]:
        """What breaks, in the words of the footers, or of the description (rule 13)."""
        notes = tuple(footer.value for footer in self.footers if footer.is_breaking)
        return notes or ((self.description,) if self.is_breaking else ())


class Malformed(ValueError):
    """The message breaks a rule: where (line and column count from 1), and what was expected."""

    def __init__(self, line: int, column: int, expected: str, found: str) -> None:
        self.line = line
        self.column = column
        self.expected = expected
        self.found = found
        super().__init__(self.sentence)

    def below(self, lines: int) -> "Malformed":
        """The same, that many lines further down."""
        return Malformed(self.line + lines, self.column, self.expected, self.found)

    @property
    def sentence(self) -> str:
        return f"Line {self.line}, column {self.column}: {self.reason}"

    @property
    def reason(self) -> str:
        return f"expected {self.expected}, found {self.found}."
