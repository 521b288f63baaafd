"""Rows as lines, as a table in README.md, as JSON, and as a plot."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.measuring import Row

_FOLDER = Path(__file__).parent
README, RESULTS = _FOLDER / "README.md", _FOLDER / "results.json"
_BEGIN, _END = "<!-- table -->\n", "<!-- end of table -->\n"
_HEAD = "| | what | fake_studio | beside | its figure | ratio | aim | |\n|---|---|---:|---|---:|---:|---:|---|\n"
_VERDICTS = {True: "met", False: "**missed**", None: ""}


def line(row: Row) -> str:
    """A row for the eye."""
    ratio = "" if row.ratio is None else f"  {_number(row.other)} {row.yardstick}, ratio {row.ratio:.2f}"
    return f"{row.subject:9} {row.measure}: {_number(row.value)} {row.unit}{ratio}  {_aim(row)} {_VERDICTS[row.met]}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _aim(row: Row) -> str:
    return "" if row.aim is None else f"≤ {row.aim:g}" + ("" if row.ratio is not None else f" {row.unit}")


def keep(subject: str, rows: list[Row], about: str) -> None:
    """Keep what was measured of a subject, in the place of what was known of it, and tell all of it anew."""
    told = [{**asdict(row), "ratio": row.ratio, "met": row.met} for row in rows]
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    kept[subject] = {"about": about, "rows": told}
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    before, _, rest = README.read_text(encoding="utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    README.write_text(f"{before}{_BEGIN}{account(kept)}{_END}{after}", encoding="utf-8")
    plot([row for part in kept.values() for row in _rows(part)], _FOLDER / "ratios.svg")


def account(kept: dict[str, Any]) -> str:
    """The table of everything that is kept, and under which circumstances it was measured."""
    told = "".join(f"- {subject}: {part['about']}\n" for subject, part in kept.items())
    return f"{table([row for part in kept.values() for row in _rows(part)])}\nMeasured:\n\n{told}"


def _rows(part: dict[str, Any]) -> list[Row]:
    return [Row(**{key: value for key, value in told.items() if key not in ("ratio", "met")}) for told in part["rows"]]


def table(rows: Iterable[Row]) -> str:
    """The rows as Markdown."""
    return _HEAD + "".join(
        f"| {row.subject} | {row.measure} | {_number(row.value)} {row.unit} | {row.yardstick} | {_number(row.other)} "
        f"| {'' if row.ratio is None else f'{row.ratio:.2f}'} | {_aim(row)} | {_VERDICTS[row.met]} |\n"
        for row in rows
    )


def plot(rows: Iterable[Row], path: Path) -> None:
    """The ratios that have an aim, as bars with the aim as a mark."""
    from matplotlib.figure import Figure

    shown = [row for row in rows if row.ratio is not None and row.aim is not None][::-1]
    figure = Figure(figsize=(10, 0.6 + 0.28 * len(shown)), layout="constrained")
    axes = figure.add_subplot()
    places = range(len(shown))
    axes.barh(places, [row.ratio or 0 for row in shown], color=["#3a7" if row.met else "#c54" for row in shown])
    axes.plot([row.aim or 0 for row in shown], places, "|", color="black", markersize=12, label="aim")
    axes.set_yticks(places, [f"{row.measure}  /  {row.yardstick}" for row in shown], fontsize=7)
    axes.set_xlabel("times the yardstick; less is better")
    axes.legend(loc="lower right")
    figure.savefig(path, metadata={"Date": None})
