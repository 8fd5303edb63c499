"""Hold the question set's scores against what they must reach. The thresholds only rise."""

import json
import sys
from pathlib import Path

AT_LEAST = {
    ("overall", "coverage@5"): 0.86,
    ("overall_any", "success@1"): 0.76,
}


def main() -> int:
    """Print each score beside its threshold; 1 where one is not reached."""
    scores = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    failed = 0
    for (table, name), least in AT_LEAST.items():
        value = scores[table][name]
        print(f"{table} {name}: {value:.3f}, at least {least}")
        failed += value < least
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
