"""Kills an engine at each point of each scene, and prints how many there are and how many leave anything different."""

import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.engine.kills.play import Play
from tests.engine.kills.scenes import SCENES
from tests.engine.kills.stage import MEMORY, House, Stage


def main(names):
    if unknown := [name for name in names if name not in SCENES]:
        sys.exit(f"Unknown: {', '.join(unknown)}; known: {'; '.join(SCENES)}.")
    with closing(House()) as house:
        for name in names or SCENES:
            began = time.monotonic()
            with TemporaryDirectory(dir=MEMORY) as folder:
                url = f"sqlite:///{Path(folder, 'engine.sqlite')}"
                with closing(Stage(house, url, SCENES[name].platforms)) as stage:
                    play = Play(SCENES[name], stage)
                    failures = play.failures()
            took = time.monotonic() - began
            sys.stdout.write(f"{name:26}points {len(play.points):4}, differences {len(failures):4}, {took:5.1f} s\n")
            for point, found in failures.items():
                sys.stdout.write(f"  {point}: {found}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
