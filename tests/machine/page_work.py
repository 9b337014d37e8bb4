"""Makes pages of several kinds come and go for a few seconds, in the folder that is named: to be recorded."""

import subprocess
import sys
import time
from pathlib import Path


def work(folder: Path) -> None:
    """Files, inodes, processes, and much memory for a while."""
    for number in range(4):
        (folder / f"file{number}").write_bytes(bytes(6 << 20))
    (folder / "many").mkdir()
    for number in range(3000):
        (folder / "many" / str(number)).touch()
    for _ in range(40):
        subprocess.run(["/bin/true"], check=True)
    held = bytearray(48 << 20)
    time.sleep(1.2)
    del held
    for number in range(4):
        (folder / f"file{number}").unlink()
    time.sleep(1.2)


if __name__ == "__main__":
    time.sleep(4)
    work(Path(sys.argv[1]))
