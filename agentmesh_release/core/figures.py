"""How a page says numbers: grouped thousands, a no-break space before every unit."""

from decimal import Decimal

from .times import NBSP

Figure = int | float | Decimal


def number(value: Figure, unit: str = "", *, places: int | None = None) -> str:
    """A number with its unit: "1,284", "0.42 %", "231 ms". `places` fixes the decimals."""
    if places is not None:
        text = f"{value:,.{places}f}"
    elif isinstance(value, int):
        text = f"{value:,}"
    else:
        text = f"{value:,.6g}" if abs(float(value)) < 1000 else f"{value:,.0f}"
    return f"{text}{NBSP}{unit}" if unit else text


def count(value: int, noun: str, plural: str = "") -> str:
    """How many of a thing: "no migration", "1 migration", "3 migrations"."""
    if value == 0:
        return f"no {noun}"
    return f"{value:,}{NBSP}{noun if value == 1 else plural or noun + 's'}"
