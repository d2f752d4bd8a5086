"""How much there is to be, and how unevenly it lies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

# What the projects' slugs begin with.
SLUG = "scale-"
# Half of everything belongs to the first project, the rest thins out as 1/n.
LONGEST = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Size:
    """One project of the plan; `number` counts from 0, `begins` is when its history does."""

    number: int
    commits: int
    releases: int
    begins: datetime

    @property
    def slug(self) -> str:
        return f"{SLUG}{self.number:03d}"


@dataclass(frozen=True)
class Plan:
    """The world to be; `now` is where its histories end."""

    projects: int
    releases: int
    commits: int
    seed: int
    now: datetime

    def sizes(self) -> Iterator[Size]:
        """The projects, the largest first; each has a release and a commit at least."""
        commits = shares(self.commits, self.projects)
        releases = shares(self.releases, self.projects)
        for number in range(self.projects):
            length = LONGEST if number == 0 else LONGEST * self.chance(number).uniform(0.2, 1)
            yield Size(number, commits[number], releases[number], self.now - length)

    def chance(self, number: int, about: str = "") -> Random:
        """The dice of one project, always the same."""
        return Random(f"{self.seed}/{number}/{about}")  # noqa: S311 (nothing secret comes of it)


def shares(total: int, parts: int) -> list[int]:
    """Half for the first, and for each of the others in turn 1/n of the rest; none gets nothing."""
    if parts == 1:
        return [total]
    first = total // 2
    weights = [1 / n for n in range(1, parts)]
    rest = [max(1, int((total - first) * weight / sum(weights))) for weight in weights]
    return [max(1, total - sum(rest)), *rest]
