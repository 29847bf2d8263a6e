"""An engine as a process of its own, which halts at one moment of a processing run, says so, and waits to be killed.

It is told everything in one JSON argument: `database`, `folder`, where the platform's folders are; `moment` and
`count`, where it halts. The platform's folders are on this machine's disk, so that they outlive it.
"""

import json
import sys
from pathlib import Path

from sqlalchemy import event

from engine.bootstrap import Engine
from tests.engine.killed_engine import Moment


class DiskSite:
    """A platform's folders, on disk; with a moment before each thing that is done there, and one after it."""

    def __init__(self, root, reached=lambda _moment: None):
        self.root, self.reached = Path(root), reached

    def make(self, home):
        for name in ("req", "ok", "err"):
            self.at(f"{home}/autreq/{name}").mkdir(parents=True)

    def at(self, path):
        return self.root / path.lstrip("/")

    def connect(self, _site, _timeouts):
        return DiskFolders(self)

    def do(self, operation, deed):
        self.reached(f"before {operation}")
        done = deed()
        self.reached(f"after {operation}")
        return done


class DiskFolders:
    """A connection to a `DiskSite`. What is written is there in part before it is whole."""

    def __init__(self, site):
        self.site = site

    def names(self, folder):
        return self.site.do("names", lambda: sorted(one.name for one in self.site.at(folder).iterdir()))

    def size(self, path):
        return self.site.do("size", lambda: self.site.at(path).stat().st_size if self.site.at(path).exists() else 0)

    def read(self, path, start=0):
        return self.site.do("read", lambda: self.site.at(path).read_bytes()[start:])

    def write(self, path, blocks):
        def write():
            with self.site.at(path).open("wb") as file:
                for block in blocks:
                    file.write(block)
                    file.flush()
                    self.site.reached("within write")

        self.site.do("write", write)

    def rename(self, path, new):
        self.site.do("rename", lambda: self.site.at(path).rename(self.site.at(new)))

    def remove(self, path):
        self.site.do("remove", lambda: self.site.at(path).unlink(missing_ok=True))

    def close(self):
        pass


def main():
    told = json.loads(sys.argv[1])
    moment = Moment(told["moment"], told["count"])
    engine = Engine(told["database"], folders=DiskSite(told["folder"], moment.reached))
    event.listen(engine.context.database.sql, "commit", lambda _connection: moment.reached("before the commit"))
    engine.run(told["run"])
    sys.stdout.write("survived\n")


if __name__ == "__main__":
    main()
