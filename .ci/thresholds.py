"""Hold the question set's scores against what they must reach. The thresholds only rise."""

import json
import sys
from pathlib import Path

AT_LEAST = {
    ("overall_any", "success@1"): 0.91,
    ("overall_any", "MRR@10"): 0.93,
    ("overall", "coverage@5"): 0.95,
    ("overall_all", "coverage@10"): 0.97,
    ("categories", "topic_list", "coverage@10"): 0.98,
    ("categories", "author_papers", "coverage@10"): 0.98,
    ("categories", "job_location", "coverage@10"): 0.98,
    ("categories", "followup", "success@1"): 0.90,
    ("categories", "messy", "success@3"): 0.90,
    ("abstention", "auroc_confidence"): 0.98,
}
AT_MOST = {
    ("categories", "oos_far", "false_answer"): 0.02,
    ("categories", "oos_near", "false_answer"): 0.15,
    ("categories", "adversarial", "false_answer"): 0.0,
    ("abstention", "false_abstain_rate"): 0.03,
}


def main() -> int:
    """Print each score beside its threshold; 1 where one is not kept."""
    scores = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    failed = 0
    for bounds, word in ((AT_LEAST, "at least"), (AT_MOST, "at most")):
        for path, bound in bounds.items():
            value = scores
            for name in path:
                value = value[name]
            print(f"{' '.join(path)}: {value:.3f}, {word} {bound}")
            failed += value < bound if bounds is AT_LEAST else value > bound
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
