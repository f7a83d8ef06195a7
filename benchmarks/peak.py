"""The most memory that this process has used since its program began.

Danger: what getrusage calls the peak (ru_maxrss) outlives exec on Linux, so a process that a large one has started
shows the size of its parent. Rule: VmHWM of /proc/self/status is asked where there is one; it begins with the program.
"""

import re
import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_kilobytes() -> int:
    """In units of 1,024 bytes. Where there is no /proc: of the process, and perhaps of the one that started it."""
    if STATUS.exists():
        found = re.search(r"^VmHWM:\s+(\d+) kB$", STATUS.read_text(), re.MULTILINE)
        if found is not None:
            return int(found[1])
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 1024 if sys.platform == "darwin" else most
