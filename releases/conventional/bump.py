"""The next version: the highest bump that the commits since the last release ask for."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from semver import Version

from releases.conventional.changes import Change, surviving
from releases.conventional.policy import DEFAULT_POLICY, Bump, Policy
from releases.conventional.versions import NearlyVersion, is_stable, read_tag

_EMPTY = "There is no commit to release yet."
_NOTHING = "No commit since {base} asks for a release; that takes {types} or a breaking change."
_ANNOUNCED = "No commit since the last pre-release asks for {}."


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the next release would be called, and why.

    `version` is None while there is nothing to release; `bump` is what the commits ask for by
    themselves (None: only a person would release them); `notes` are sentences about what was
    overruled or passed over.
    """

    version: Version | None
    bump: Bump | None
    base: Version | None
    notes: tuple[str, ...] = ()


def bump_of(changes: Iterable[Change], policy: Policy = DEFAULT_POLICY) -> Bump | None:
    """The highest bump among the changes, reverts already settled; None if none releases."""
    return max((found for change in changes if (found := _of_one(change, policy))), default=None)


def asking(
    changes: Iterable[Change], bump: Bump, policy: Policy = DEFAULT_POLICY
) -> tuple[Change, ...]:
    """The changes that ask for just that bump, reverts settled."""
    return tuple(each for each in surviving(changes) if _of_one(each, policy) is bump)


def propose(
    changes: Iterable[Change],
    *,
    base: Version | None,
    taken: Collection[Version] = (),
    begun: Collection[Version] = (),
    policy: Policy = DEFAULT_POLICY,
    forced: Bump | None = None,
    channel: str = "",
    fresh: Iterable[Change] | None = None,
) -> Proposal:
    """Name the next version after `base`, the last stable one (None: there is none).

    `changes` come newest first. `taken` are all versions that exist already, since the next one is
    a free one; `begun` the pre-releases of this line, since it is not below what they announced.
    `forced` is the bump that a person chose, and wins; then a `Release-As:` footer, the newest
    first; then what the changes ask for. With a `channel` such as `rc` it is the next pre-release
    of that version, `1.4.0-rc.2`, if what is in no pre-release yet (`fresh`) asks for one.
    """
    stable = _stable(changes, base, taken, begun, policy, forced)
    if stable.version is None or not channel or not is_stable(stable.version):
        return stable
    version = _in_channel(stable.version, channel, taken)
    is_begun = version.prerelease != f"{channel}.1"
    if forced is None and is_begun and fresh is not None and not bump_of(surviving(fresh), policy):
        return replace(stable, version=None, notes=(*stable.notes, _ANNOUNCED.format(version)))
    return replace(stable, version=version)


def _stable(
    changes: Iterable[Change],
    base: Version | None,
    taken: Collection[Version],
    begun: Collection[Version],
    policy: Policy,
    forced: Bump | None,
) -> Proposal:
    left = surviving(changes)
    bump = bump_of(left, policy)
    wanted, notes = (None, ()) if forced else _release_as(left, base, taken)
    if wanted is not None:
        return Proposal(wanted, bump, base, notes)
    if base is None:
        first = _announced(begun, base) or Version.parse(policy.first_version)
        version = _free(first, Bump.MINOR, taken) if left or forced else None
        return Proposal(version, bump, base, notes if version else (*notes, _EMPTY))
    step = forced or _before_one(bump, base, policy)
    if step is None:
        return Proposal(None, bump, base, (*notes, _nothing(base, policy)))
    announced = None if forced else _announced(begun, base)
    version = max(_raised(base, step), announced or base)
    return Proposal(_free(version, step, taken), bump, base, notes)


def _of_one(change: Change, policy: Policy) -> Bump | None:
    if change.reading.is_breaking:
        return Bump.MAJOR
    known = policy.type_named(change.reading.type)
    return known.bump if known else None


def _before_one(bump: Bump | None, base: Version, policy: Policy) -> Bump | None:
    """In 0.x a breaking change does what the policy says."""
    return policy.breaking_in_zero if bump is Bump.MAJOR and base.major == 0 else bump


def _raised(version: Version, bump: Bump) -> Version:
    if bump is Bump.MAJOR:
        return version.bump_major()
    return version.bump_minor() if bump is Bump.MINOR else version.bump_patch()


def _announced(begun: Collection[Version], base: Version | None) -> Version | None:
    """The version whose pre-releases are out already: 2.0.0 once there is a 2.0.0-beta.1."""
    ahead = [known for known in begun if not is_stable(known) and (base is None or known > base)]
    return max(ahead).finalize_version() if ahead else None


def _in_channel(version: Version, channel: str, taken: Collection[Version]) -> Version:
    """The pre-release of `version` after those of its channel that exist (SemVer 2.0.0 §9)."""
    numbered = re.compile(rf"{re.escape(channel)}\.([0-9]+)")
    numbers = [
        int(found[1])
        for known in taken
        if known.finalize_version() == version
        and (found := numbered.fullmatch(known.prerelease or ""))
    ]
    return version.replace(prerelease=f"{channel}.{max(numbers, default=0) + 1}")


def _free(version: Version, step: Bump, taken: Collection[Version]) -> Version:
    stable = {(known.major, known.minor, known.patch) for known in taken if is_stable(known)}
    while (version.major, version.minor, version.patch) in stable:
        version = _raised(version, step)
    return version


def _release_as(
    left: Sequence[Change], base: Version | None, taken: Collection[Version]
) -> tuple[Version | None, tuple[str, ...]]:
    text = next((c.reading.release_as for c in left if c.reading.release_as is not None), None)
    if text is None:
        return None, ()
    shown = f"“Release-As: {text[:60]}” is not followed: "
    wanted = read_tag(text)
    if wanted is None or isinstance(wanted, NearlyVersion):
        return None, (f"{shown}it is not a version.",)
    if wanted in taken:
        return None, (f"{shown}that version exists already.",)
    if base is not None and wanted <= base:
        return None, (f"{shown}it is not above {base}.",)
    return wanted, (f"A commit asks for {wanted} by “Release-As”.",)


def _nothing(base: Version, policy: Policy) -> str:
    names = ", ".join(known.name for known in policy.types if known.bump)
    return _NOTHING.format(base=base, types=names)
