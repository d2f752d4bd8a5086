"""Misbehaviour on demand, per provider, per path, for a number of calls."""

from dataclasses import dataclass

from .store import Row, Store

PROVIDERS = ("github", "vercel", "supabase", "prometheus", "slack", "pagerduty", "smtp", "webhooks")
# Statuses are answered without acting; the words are explained in `misbehaviour`.
STATUSES = ("400", "401", "403", "404", "409", "422", "429", "500", "502", "503", "504")
WORDS = ("hang", "slow", "html", "half", "drop", "late", "rate_limited", "broken_off")


@dataclass(frozen=True)
class Fault:
    """One standing order to misbehave."""

    id: int
    provider: str
    kind: str
    path: str
    method: str
    times: int | None
    seconds: float


class Faults:
    """The standing orders. They are kept, so a restart does not heal a provider."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def set(
        self,
        provider: str,
        kind: str,
        *,
        path: str = "",
        method: str = "",
        times: int | None = None,
        seconds: float | None = None,
    ) -> int:
        """Order a fault; `seconds` is how long a hang lasts or what Retry-After says."""
        lasting = seconds if seconds is not None else (3600.0 if kind == "hang" else 2.0)
        return self._store.write(
            "insert into faults (provider, kind, path, method, times, seconds)"
            " values (?, ?, ?, ?, ?, ?)",
            provider,
            kind,
            path,
            method.upper(),
            times,
            lasting,
        )

    def clear(self, provider: str = "") -> None:
        """Heal one provider, or all."""
        self._store.write("delete from faults where ? in ('', '*', provider)", provider)

    def all(self) -> list[Fault]:
        """What is ordered now, oldest first."""
        return [_fault(row) for row in self._store.rows("select * from faults order by id")]

    def take(self, provider: str, method: str, path: str) -> Fault | None:
        """The newest order that matches this call, counted down; None when all is well."""
        with self._store.transaction():
            row = self._store.row(
                "select * from faults where provider in (?, '*') and method in ('', ?)"
                " and substr(?, 1, length(path)) = path order by id desc limit 1",
                provider,
                method,
                path,
            )
            if row is None:
                return None
            if row["times"] == 1:
                self._store.write("delete from faults where id = ?", row["id"])
            elif row["times"]:
                self._store.write("update faults set times = times - 1 where id = ?", row["id"])
            return _fault(row)

    def stands(self, fault: Fault) -> bool:
        """Whether nobody has healed it meanwhile (a used-up one counts as standing)."""
        if fault.times == 1:
            return True
        return self._store.row("select 1 from faults where id = ?", fault.id) is not None


def _fault(row: Row) -> Fault:
    return Fault(
        row["id"],
        row["provider"],
        row["kind"],
        row["path"],
        row["method"],
        row["times"],
        row["seconds"],
    )
