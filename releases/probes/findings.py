"""What a connection test found: each as a state, a sentence and, where it is not well, a mend."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from agentmesh_release.core.gates import State
from agentmesh_release.core.times import span
from agentmesh_release.providers.errors import ProviderError

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Finding:
    """One thing that the product needs: `about` names it, `mend` says what a person can do.

    `failed` is a definite bad answer, `inconclusive` is "could not tell". What `is_optional` the
    product can do without.
    """

    state: State
    about: str
    sentence: str
    mend: str = ""
    is_optional: bool = False


@dataclass(frozen=True)
class Mends:
    """What mends a failure at one vendor: `token` names its variable (empty without one), `address`
    the setting that says where it answers, `names` is the mend of "not found". `permissions` are
    what the token needs, by what was asked about, `forbidden` is the mend where there are none.
    `is_reached_by_name`: people typed the address, which is more often wrong than the token's name.
    `app` says whose id and key are used instead of a token, if any are.
    """

    vendor: str
    token: str
    address: str
    names: str
    permissions: Mapping[str, str] = field(default_factory=dict)
    forbidden: str = ""
    is_reached_by_name: bool = False
    app: str = ""

    def of(self, error: ProviderError, about: str) -> str:
        """The mend of that error, as a sentence."""
        status = error.status
        if error.retry_after is not None or status == 429:
            return self._wait(error.retry_after)
        if status == 401:
            return self._new_token()
        if status == 403:
            return self._permission(about)
        if status in (404, 400, 410, 422, 451):
            return self.names
        if status is not None and 300 <= status < 400:
            return self.names if self.is_reached_by_name else self._elsewhere("leads elsewhere")
        if status is not None and (status >= 500 or status in (408, 409, 425)):
            return f"{self.vendor} has trouble itself: look at its status page, and test again."
        if status is not None:
            return self._elsewhere("answers")
        if error.permanent:
            return self.names if self.is_reached_by_name else self._setting()
        return (
            f"Look at {self.address}, whether this machine may reach it (its name, the firewall, "
            f"a proxy, the certificate), and whether it is {self.vendor} that answers there."
        )

    @property
    def holder(self) -> str:
        """Who has to be given a permission."""
        return self.app or f"the token in {self.token}"

    def _elsewhere(self, does: str) -> str:
        return (
            f"Something else {does} in place of {self.vendor}: a proxy or a sign-in page. "
            f"Look at {self.address}, and at the way out of this machine."
        )

    def _wait(self, wait_s: float | None) -> str:
        if wait_s is None:
            return "Wait until the limit is over, then test again."
        return f"Wait {span(timedelta(seconds=max(1.0, wait_s)))}, then test again."

    def _new_token(self) -> str:
        if self.app:
            return f"{self.vendor} does not take the name or the key of {self.app}: set them anew."
        if not self.token:
            return f"Name the token that {self.vendor} asks for."
        return f"Make a new token and put it into {self.token}, or the file of {self.token}_FILE."

    def _permission(self, about: str) -> str:
        permission = self.permissions.get(about)
        if permission is None:
            return self.forbidden or self._new_token()
        return f"Give {self.holder} {permission}."

    def _setting(self) -> str:
        if not self.token or self.app:
            return self.names
        return f"Set {self.token} where the web server and the workers start, or mend the name."


class Findings:
    """The findings of one test, in the order of its questions."""

    def __init__(self, mends: Mends) -> None:
        self.mends = mends
        self.found: list[Finding] = []

    def ask(
        self, about: str, question: Callable[[], Answer], mend: str = "", *, soft: bool = False
    ) -> Answer | None:
        """Ask; a failure is a finding, and None. `mend` is what mends a "not found" here; `soft`
        when the product can do without it, so that a failure is inconclusive."""
        try:
            return question()
        except ProviderError as error:
            self.fail(about, error, mend, soft=soft)
            return None

    def fail(self, about: str, error: ProviderError, mend: str = "", *, soft: bool = False) -> None:
        """Note a failed question, as `ask` does."""
        state: State = "failed" if error.permanent and not soft else "inconclusive"
        way = mend if mend and error.status == 404 else self.mends.of(error, about)
        self.note(state, about, str(error), way)

    def note(self, state: State, about: str, sentence: str, mend: str = "") -> None:
        """Note what an answer says."""
        self.found.append(Finding(state, about, sentence, mend))

    def passed(self, about: str, sentence: str) -> None:
        self.note("passed", about, sentence)
