"""What went wrong at the app's database, as a sentence without names, addresses or secrets."""

from __future__ import annotations

from psycopg import Error

from agentmesh_release.providers.errors import ProviderError

THE_DATABASE = "The app's database"

# SQLSTATE -> (sentence, permanent): https://www.postgresql.org/docs/current/errcodes-appendix.html
_BY_STATE = {
    "25006": ("is read-only now", False),
    "28000": ("refused the user", True),
    "28P01": ("refused the password", True),
    "3D000": ("does not exist on that server", True),
    "40001": ("was changed by someone else at the same moment", False),
    "40P01": ("was changed by someone else at the same moment", False),
    "42501": ("does not let this user do that; grant it the right", True),
    "53300": ("has no free connection", False),
    "55P03": ("is locked by someone else for longer than we may wait", False),
    "57014": ("did not answer in time", False),
    "57P03": ("is starting up", False),
}
# libpq gives no SQLSTATE while connecting; these are the server's and libpq's own words.
_BY_WORDS = (
    ("password authentication failed", ("refused the user or the password", True)),
    ("no password supplied", ("asks for a password and none is set", True)),
    ("no pg_hba.conf entry", ("does not admit this user from here", True)),
    ("tenant or user not found", ("is not known to the pooler: check the user name", True)),
    ("does not exist", ("or its user does not exist on that server", True)),
    ("starting up", ("is starting up", False)),
    ("shutting down", ("is shutting down", False)),
    ("too many clients", ("has no free connection", False)),
    ("remaining connection slots", ("has no free connection", False)),
    ("connection refused", ("could not be reached: nothing accepts connections there", False)),
    ("no such file", ("could not be reached: nothing accepts connections there", False)),
    ("could not translate", ("could not be reached: its host name does not resolve", False)),
    ("failed to resolve", ("could not be reached: its host name does not resolve", False)),
    ("timeout", ("could not be reached in time", False)),
    ("certificate", ("could not be trusted: its TLS certificate is not valid here", False)),
    ("server does not support ssl", ("does not speak TLS, which the settings demand", True)),
)


def in_words(error: Error, *, connecting: bool, wrote: bool = False) -> ProviderError:
    """Translate a driver's error; `wrote` when a write may have been committed before it."""
    said, permanent = _meaning(error, connecting)
    lost = not connecting and error.sqlstate is None
    return ProviderError(f"{THE_DATABASE} {said}.", permanent, unsettled=wrote and lost)


def _meaning(error: Error, connecting: bool) -> tuple[str, bool]:
    if error.sqlstate in _BY_STATE:
        return _BY_STATE[error.sqlstate]
    if connecting or error.sqlstate is None:
        text = str(error).lower()
        for words, meaning in _BY_WORDS:
            if words in text:
                return meaning
    if connecting:
        return "could not be reached", False
    if error.sqlstate is None or error.sqlstate.startswith(("08", "57P")):
        return "closed the connection", False
    return f"refused the statement (SQLSTATE {error.sqlstate})", True
