"""The three switches of the house, and every word that pages say about them.

GUIDE, *Words*: name the state of the thing that a switch holds, not of the switch.
"""

from dataclasses import dataclass

API = "api_kill_switch"
DATABASE = "database_kill_switch"
MAINTENANCE = "maintenance_mode"


@dataclass(frozen=True)
class Position:
    """One of the two positions of a switch: what is said while it stands there.

    `state` and `icon` are those of `core.marks`, `label` is the short form ("API off"), `statement`
    the large one; `act` is the button that brings it there, `effect` what then holds true.
    """

    state: str
    icon: str
    label: str
    reading: str
    statement: str
    doubt: str
    under_way: str
    act: str
    act_icon: str
    keep: str
    effect: str
    consequence: str


@dataclass(frozen=True)
class Wording:
    """The words of one switch. `tick` is what restoring asks to be ticked, empty for nothing."""

    key: str
    name: str
    icon: str
    on: Position
    off: Position
    policy: str
    tick: str = ""

    def position(self, *, is_off: bool) -> Position:
        return self.off if is_off else self.on


_API = Wording(
    key=API,
    name="API kill switch",
    icon="power",
    on=Position(
        state="on",
        icon="live",
        label="API on",
        reading="On",
        statement="The API is on",
        doubt="The API should be on",
        under_way="Turning the API on",
        act="Turn the API on",
        act_icon="live",
        keep="Leave it off",
        effect="API calls are answered.",
        consequence="API calls in production are answered again within about 2\N{NO-BREAK SPACE}s. "
        "Callers that waited retry by themselves: expect more calls than usual for a few minutes.",
    ),
    off=Position(
        state="off",
        icon="power",
        label="API off",
        reading="Off",
        statement="The API is off",
        doubt="The API should be off",
        under_way="Turning the API off",
        act="Turn the API off",
        act_icon="power",
        keep="Leave it on",
        effect="Every API call gets 503. Web pages and running agents go on.",
        consequence="Every API call in production gets 503 within about 2\N{NO-BREAK SPACE}s. "
        "Web pages and running agents go on.",
    ),
    policy="To turn it back on: a reason, and a tick that what it was turned off for is mended.",
    tick="What it was turned off for is mended, and callers may come back",
)

_DATABASE = Wording(
    key=DATABASE,
    name="Database kill switch",
    icon="database",
    on=Position(
        state="on",
        icon="live",
        label="Database writes on",
        reading="On",
        statement="Writes are on",
        doubt="Writes should be on",
        under_way="Turning writes on",
        act="Turn writes on",
        act_icon="live",
        keep="Leave them off",
        effect="Reads and writes work.",
        consequence="The product writes to the production database again within about "
        "2\N{NO-BREAK SPACE}s. Waiting calls retry by themselves: expect more writes than usual "
        "for a few minutes.",
    ),
    off=Position(
        state="off",
        icon="power",
        label="Database writes off",
        reading="Off",
        statement="Writes are off",
        doubt="Writes should be off",
        under_way="Turning writes off",
        act="Turn writes off",
        act_icon="power",
        keep="Leave them on",
        effect="Reads work. Every write gets 503 with Retry-After.",
        consequence="Every write to the production database gets 503 with Retry-After within about "
        "2\N{NO-BREAK SPACE}s. Reads go on working.",
    ),
    policy="To turn them back on: a reason, and a tick that what they were turned off for is "
    "mended.",
    tick="What writes were turned off for is mended, and the data is sound",
)

_MAINTENANCE = Wording(
    key=MAINTENANCE,
    name="Maintenance mode",
    icon="wrench",
    on=Position(
        state="idle",
        icon="next",
        label="Maintenance page hidden",
        reading="Hidden",
        statement="Not shown",
        doubt="Should not be shown",
        under_way="Hiding it",
        act="Hide maintenance page",
        act_icon="check",
        keep="Go on showing it",
        effect="Visitors see the product.",
        consequence="Visitors get the product back within about 2\N{NO-BREAK SPACE}s, in place of "
        "the maintenance page.",
    ),
    off=Position(
        state="maintenance",
        icon="wrench",
        label="Maintenance page shown",
        reading="Shown",
        statement="Shown",
        doubt="Should be shown",
        under_way="Showing it",
        act="Show maintenance page",
        act_icon="wrench",
        keep="Leave it hidden",
        effect="Visitors see the message below instead of the product. The API goes on.",
        consequence="Within about 2\N{NO-BREAK SPACE}s all visitors see this message instead of "
        "the product, also on the status page. The API goes on.",
    ),
    policy="Hiding it again asks for a reason only.",
)

WORDINGS = {wording.key: wording for wording in (_API, _DATABASE, _MAINTENANCE)}
ORDER = tuple(WORDINGS)
"""The three always stand in this order (GUIDE: the same place, always)."""
