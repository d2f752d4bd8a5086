"""The one error that leaves this package."""

from __future__ import annotations


class ProviderError(Exception):
    """A provider could not be asked, refused, or answered something unusable.

    In: `message`, a sentence an operator can act on, free of secrets; `permanent`, true when the
    same call would fail again; `retry_after`, seconds to wait where the provider named them;
    `status`, the HTTP status if there was one; `unsettled`, true when a write was sent and no
    answer came, so that it may have taken effect: look before acting again.
    """

    def __init__(
        self,
        message: str,
        permanent: bool = False,
        retry_after: float | None = None,
        status: int | None = None,
        *,
        unsettled: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.retry_after = retry_after
        self.status = status
        self.unsettled = unsettled

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling, with the flags."""
        state = {"unsettled": self.unsettled}
        return (type(self), (self.message, self.permanent, self.retry_after, self.status), state)
