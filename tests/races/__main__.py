"""`make races`: the long run of all races and storms, with one line of figures at its end."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from tests.races.holds import Tally


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures"
        os.environ["RACES_FIGURES"] = str(figures)
        code = int(pytest.main(["-q", "-m", "soak", "-p", "no:cacheprovider", "tests/races", *sys.argv[1:]]))
        rows = figures.read_text(encoding="utf-8").splitlines() if figures.exists() else []
    total = Tally()
    for row in rows:
        name, _, line = row.partition("\t")
        tally = Tally.of(line)
        total += tally
        print(f"  {name:<84} {tally.line()}")
    print(
        f"histories={total.histories} disorder={total.disorder} albums cut={total.cut} "
        f"copies in doubt={total.in_doubt} with staff={total.aside}"
    )
    print(
        f"races: messages={total.messages} kills={total.kills} lost={total.lost} doubled={total.doubled} "
        f"stale={total.stale}" + (" and a test failed, see above" if code else "")
    )
    return code or int(not total.is_clean)


if __name__ == "__main__":
    sys.exit(main())
