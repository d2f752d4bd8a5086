"""Small git repositories, written in one go."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

START = 1_790_000_000
ADA = b"Ada <ada@example.com>"


@dataclass
class History:
    """Commits for `git fast-import`; each gets a minute of its own."""

    lines: list[bytes] = field(default_factory=list)
    count: int = 0

    def commit(
        self,
        message: str | bytes,
        *,
        files: dict[str, bytes] | None = None,
        branch: str = "main",
        merge: int | None = None,
        start: int | None = None,
        author: bytes = ADA,
    ) -> int:
        self.count += 1
        text = message if isinstance(message, bytes) else message.encode()
        moment = START + 60 * self.count
        self.lines.append(b"commit refs/heads/%s\nmark :%d\n" % (branch.encode(), self.count))
        self.lines += [
            b"%s %s %d +0000\n" % (role, author, moment) for role in (b"author", b"committer")
        ]
        self.lines.append(b"data %d\n%b\n" % (len(text), text))
        self.lines += [b"from :%d\n" % start] if start else []
        self.lines += [b"merge :%d\n" % merge] if merge else []
        content = files if files is not None else {f"file-{self.count}.txt": text[:1000] + b"\n"}
        for path, data in content.items():
            self.lines.append(
                b"M 100644 inline %s\ndata %d\n%b\n" % (path.encode(), len(data), data)
            )
        return self.count

    def tag(self, name: str, mark: int | None = None) -> None:
        self.lines.append(b"reset refs/tags/%s\nfrom :%d\n\n" % (name.encode(), mark or self.count))

    def write(self, place: Path) -> Path:
        git(place.parent, "init", "--quiet", "--initial-branch=main", str(place))
        git(place, "fast-import", "--quiet", stdin=b"".join(self.lines))
        return place


def git(place: Path, *words: str, stdin: bytes = b"") -> str:
    done = subprocess.run(["git", *words], cwd=place, input=stdin, capture_output=True, check=True)
    return done.stdout.decode(errors="replace").strip()


def usual() -> History:
    """Three releases, a merged pull request, a squashed one, and two commits after the last tag."""
    history = History()
    history.commit("feat: begin")
    history.tag("v1.0.0")
    history.commit("fix: mend a thing (#1)")
    history.tag("v1.1.0")
    side = history.commit("feat(api): on a branch", branch="side", start=2)
    history.commit(
        "Merge pull request #2 from ada/side\n\nfeat(api): a branch",
        merge=side,
        start=2,
        files={"merged.txt": b"merged\n"},
    )
    history.tag("v1.2.0-rc.1")
    history.tag("v1.2.0")
    history.tag("nightly")
    history.commit("docs: explain\n\nBody of it.", files={"docs/guide/one.md": b"# One\n"})
    history.commit("feat!: change everything (#3)", files={"README.md": b"# Read me\n"})
    return history
