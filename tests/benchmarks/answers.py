"""How long answers take: ``python tests/benchmarks/answers.py`` prints a table in Markdown.

Over the bundled digests in a temporary data folder; medians, for these depend on the machine and its moods.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time

from bot import Assistant

QUESTIONS = (
    "who wrote RLSbench?",
    "openings in Spain",
    "papers about differential privacy",
    "what is gradient matching?",
    "making synthetic time series with a GAN",
    "how long do the internships last?",
)
ROUNDS = 10
PROCESSES = 5


def process(*arguments: str) -> float:
    """Seconds that a command takes as a process of its own."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bot", *arguments], check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        first = process("ingest", "--data-dir", folder)
        print("| what | median |\n|---|---|")
        print(f"| ingest of the bundled digests, a new process (once) | {first:.1f} s |")
        cold = [process("ask", QUESTIONS[0], "--data-dir", folder) for _ in range(PROCESSES)]
        listed = [process("list", "papers", "--data-dir", folder) for _ in range(PROCESSES)]
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"| `digestbot ask`, process start to answer | {statistics.median(cold):.1f} s |")
        print(f"| `digestbot list papers` | {statistics.median(listed):.2f} s |")
        print(f"| largest process of these | {peak:.0f} MB |")
        with Assistant.open(folder) as assistant:
            assistant.warm_up()
            took = sorted(assistant.ask(question).took_ms for _ in range(ROUNDS) for question in QUESTIONS)
        print(f"| a warm answer, p50 of {len(took)} | {statistics.median(took):.1f} ms |")
        print(f"| a warm answer, p95 | {took[int(0.95 * len(took))]:.1f} ms |")
        print(f"\n{time.perf_counter() - begun:.0f} s in all")


if __name__ == "__main__":
    main()
