"""How programs name commits."""

from typing import Annotated

from pydantic import Field, StringConstraints

CommitSha = Annotated[
    str,
    StringConstraints(to_lower=True, pattern=r"^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$"),
    Field(description="The full name of the commit: 40 (or, with SHA-256, 64) hex digits."),
]
