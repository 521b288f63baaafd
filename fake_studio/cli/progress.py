"""How far a long command is: one line that changes on a terminal, a line now and then anywhere else."""

from __future__ import annotations

from typing import Dict, TextIO

from fake_studio.contract.suite import DIFFERS, Outcome

STEP = 50
WIDTH = 60


class Progress:
    """Counts scenarios. To be used with `with`, so that the line goes at the end."""

    def __init__(self, number: int, stream: TextIO) -> None:
        self._number = number
        self._stream = stream
        self._moves = stream.isatty()
        self._verdicts: Dict[str, int] = {}

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._moves:
            self._stream.write(f"\r{'':{WIDTH}}\r")
            self._stream.flush()

    def say(self, outcome: Outcome) -> None:
        """Tell of one more."""
        self._verdicts[outcome.verdict] = self._verdicts.get(outcome.verdict, 0) + 1
        done, differing = sum(self._verdicts.values()), self._verdicts.get(DIFFERS, 0)
        told = f"{done}/{self._number}" + (f", {differing} differ" if differing else "")
        if self._moves:
            self._stream.write(f"\r{f'{told}  {outcome.scenario.name}'[:WIDTH]:{WIDTH}}")
            self._stream.flush()
        elif done % STEP == 0 or done == self._number:
            print(told, file=self._stream, flush=True)
