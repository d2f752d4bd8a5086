"""Why nothing usable came over the wire, as a sentence."""

from __future__ import annotations

from requests import exceptions
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    IncompleteRead,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
)

from agentmesh_release.providers.sockets import Timeouts


def in_words(error: Exception, vendor: str, host: str, timeouts: Timeouts, *, late: bool) -> str:
    """Turn a transport failure into a sentence; `late` when the whole call's time was up."""
    cause = _cause(error)
    if late:
        return f"{vendor} did not finish answering within {timeouts.total_s:g} s ({host})."
    if isinstance(cause, NameResolutionError):
        return f"{vendor} could not be reached: the name {host} does not resolve."
    if isinstance(cause, NewConnectionError):
        return f"{vendor} could not be reached: nothing accepts connections at {host}."
    if isinstance(cause, ConnectTimeoutError):  # the base of the two above
        return f"{vendor} could not be reached: no connection to {host} in time."
    if isinstance(cause, (ReadTimeoutError, TimeoutError, exceptions.Timeout)):
        return f"{vendor} said nothing for {timeouts.read_s:g} s ({host})."
    if isinstance(error, exceptions.SSLError):
        return _of_tls(error, cause, vendor, host)
    if isinstance(error, exceptions.ContentDecodingError):
        return f"{vendor} sent compressed data that cannot be unpacked ({host})."
    if isinstance(error, exceptions.ChunkedEncodingError) or isinstance(cause, IncompleteRead):
        return f"{vendor} broke off in the middle of its answer ({host})."
    return f"{vendor} closed the connection without a usable answer ({host})."


def _of_tls(error: Exception, cause: BaseException, vendor: str, host: str) -> str:
    said = str(error).lower().replace("_", " ")
    if "certificate" in said:
        # OpenSSL's own words: "self-signed certificate", "certificate has expired".
        reason = getattr(cause, "verify_message", "")
        why = f" ({reason})" if reason else ""
        return (
            f"{vendor} could not be trusted: the TLS certificate of {host} is not valid here{why}."
        )
    if "wrong version number" in said or "record layer failure" in said:
        return f"{vendor} could not be reached: {host} does not speak TLS; is it http:// there?"
    return f"{vendor} could not be reached: {host} broke off while TLS was being set up."


def never_sent(error: Exception) -> bool:
    """Tell whether the request certainly did not reach the provider."""
    refused = (ConnectTimeoutError, NameResolutionError, NewConnectionError)
    return isinstance(_cause(error), refused)


def _cause(error: BaseException) -> BaseException:
    """Dig out what requests and urllib3 wrapped: arguments and `reason`, not tracebacks."""
    seen = error
    while True:
        inner = seen.reason if isinstance(seen, MaxRetryError) else _first_error(seen)
        if inner is None:
            return seen
        seen = inner


def _first_error(error: BaseException) -> BaseException | None:
    for argument in error.args:
        if isinstance(argument, (HTTPError, OSError)) and argument is not error:
            return argument
    return None
