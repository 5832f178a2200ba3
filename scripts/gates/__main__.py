"""Our own gates: what a linter does not know about this house. Run by `make check`.

    python scripts/gates [FOLDER]

Each fault is one line, `path:line: rule: what to do`; the exit status is 1 if there is any.
"""

import sys
from pathlib import Path

import house
import imports
import markup
import ownership
import sizes
import statements

GATES = [sizes.faults, imports.faults, statements.faults, ownership.faults, markup.faults, house.faults]


def main() -> int:
    """Run every gate over one clone."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    found = sorted(fault for gate in GATES for fault in gate(root))
    for fault in found:
        print(fault)
    print(f"gates: {len(found)} faults" if found else "gates: all kept")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
