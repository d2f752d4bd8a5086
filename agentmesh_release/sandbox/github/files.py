"""Which files differ between two commits."""

from urllib.parse import quote

from ..git.environment import GitFailed
from ..git.repository import Repository
from ..wire import Json
from .doors import Place

STATUSES = {
    "A": "added",
    "M": "modified",
    "D": "removed",
    "T": "changed",
    "R": "renamed",
    "C": "copied",
}


def between(place: Place, base: str | None, head: str) -> list[Json]:
    """GitHub's diff entries from `base` (None: nothing) to `head`; patches are left out."""
    pair = [base, head] if base else ["--root", head]
    found = _raw(place.git, pair)
    return [_entry(place, head, **one) for one in found]


def _raw(git: Repository, pair: list[str]) -> list[Json]:
    options = ["-r", "-M", "-z", "--no-commit-id", "--raw", "--no-abbrev", "--numstat"]
    try:
        output = git.git.run("diff-tree", *options, *pair, cwd=git.directory)
    except GitFailed:
        # A partial clone lacks the contents, so its lines cannot be counted and moves not be seen.
        output = git.git.run("diff-tree", *options[:1], *options[2:-1], *pair, cwd=git.directory)
    words = output.split(b"\0")
    entries: dict[str, Json] = {}
    at = 0
    while at < len(words) - 1:
        word = words[at].decode(errors="replace")
        if word.startswith(":"):
            _, _, _, sha, letter = word.split(" ")
            is_pair = letter[0] in "RC"
            name = words[at + 2 if is_pair else at + 1].decode(errors="replace")
            before = words[at + 1].decode(errors="replace") if is_pair else None
            entries[name] = {
                "filename": name,
                "sha": sha,
                "letter": letter[0],
                "before": before,
                "additions": 0,
                "deletions": 0,
            }
            at += 3 if is_pair else 2
        else:
            plus, minus, name = word.split("\t", 2)
            if not name:
                name = words[at + 2].decode(errors="replace")
                at += 2
            counts = {"additions": plus, "deletions": minus}
            entries.setdefault(name, {"filename": name, "sha": "", "letter": "M", "before": None})
            entries[name] |= {
                key: int(value) if value.isdigit() else 0 for key, value in counts.items()
            }
            at += 1
    return list(entries.values())


def _entry(
    place: Place,
    head: str,
    *,
    filename: str,
    sha: str,
    letter: str,
    before: str | None,
    additions: int,
    deletions: int,
) -> Json:
    quoted = quote(filename)
    entry: Json = {
        "sha": sha,
        "filename": filename,
        "status": STATUSES.get(letter, "changed"),
        "additions": additions,
        "deletions": deletions,
        "changes": additions + deletions,
        "blob_url": f"{place.page}/blob/{head}/{quoted}",
        "raw_url": f"{place.page}/raw/{head}/{quoted}",
        "contents_url": f"{place.api}/contents/{quoted}?ref={head}",
    }
    return entry | ({"previous_filename": before} if before else {})
