"""The folder of a repository that one project is made of, such as `packages/front`.

A commit counts for it when it changes a file below it, a merge when it differs there from its first
parent: that is what it brought to its branch.
"""

from collections import Counter
from collections.abc import Iterable

from releases.conventional.versions import NearlyVersion

LONGEST = 200
_STRANGE = frozenset({"..", ".git"})


class BadFolder(ValueError):
    """This names no folder inside a repository; the text is a sentence that says why."""


def tidy(text: str) -> str:
    """The folder as git writes it, without slashes at its ends; empty is the whole repository.

    Raises BadFolder.
    """
    parts = [part for part in text.strip().split("/") if part not in ("", ".")]
    folder = "/".join(parts)
    if len(folder) > LONGEST:
        raise BadFolder(f"A folder has at most {LONGEST} characters.")
    if not folder.isprintable() or "\\" in folder:
        raise BadFolder("A folder is written with slashes, as in packages/front.")
    if _STRANGE & {part.lower() for part in parts}:
        raise BadFolder("A folder lies inside the repository, and is named from its top.")
    return folder


def holds(folder: str, path: str) -> bool:
    """Whether a file of that path lies in the folder."""
    return not folder or path.startswith(f"{folder}/")


def own_prefix(folder: str, nearly: Iterable[NearlyVersion]) -> str:
    """What the folder's tags have before the version, as those that exist are written: `front-` of
    `front-v1.2.3`, else `@scope/front@`, `front/` or the whole folder; empty if none is."""
    written = Counter(tag.prefix for tag in nearly if _names(tag.prefix, folder))
    return max(written, key=lambda prefix: (written[prefix], prefix), default="")


def usual_prefix(folder: str) -> str:
    """What its tags have before the version where nobody has written any: `front-`."""
    return f"{_last(folder)}-" if folder else ""


def _names(prefix: str, folder: str) -> bool:
    name = prefix.rstrip("-@/_")
    return name != prefix and (name == folder or name.rpartition("/")[2] == _last(folder))


def _last(folder: str) -> str:
    return folder.rpartition("/")[2]
