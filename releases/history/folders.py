"""The folder of a repository that one project is made of, such as `packages/front`."""

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
