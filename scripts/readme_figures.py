"""Fills the marked block of README.md, and its picture, from a run of the Aleppo sample.

python -m scripts.readme_figures           plans, writes the block and the picture
python -m scripts.readme_figures --check   plans, and leaves with code 1 if the block is stale
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
SAMPLE = "samples/aleppo-2016-10"
PICTURE = ROOT / "docs" / "pictures" / "aleppo-2016-10.png"
BEGIN = "<!-- figures: made by `make readme` from a run; do not edit -->"
END = "<!-- /figures -->"


def plan(out: Path) -> dict[str, Any]:
    """Plan the sample into a folder; what `lull plan --json` prints.

    Raises RuntimeError where there is no plan, with the breaches found.
    """
    done = subprocess.run(
        [sys.executable, "-m", "lull", "plan", SAMPLE, "--out", str(out), "--json"],
        cwd=ROOT, stdout=subprocess.PIPE, check=False,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout or b"{}")
    if done.returncode:
        why = [breach["sentence"] for breach in answer.get("violations", [])]
        raise RuntimeError(f"lull plan left with code {done.returncode}. {' '.join(why)}")
    return answer


def block(answer: Mapping[str, Any]) -> str:
    """The marked block: the headline in three columns, the bound, and what limits it."""
    total = answer["totals"]
    rows = [
        f"| {c['consents']} | {c['persons']:,} | {c['patients']:,} | {c['tonnes']:,.1f} |"
        for c in answer["columns"]
    ]
    limits = [f"- {limit['sentence']}" for limit in answer["limits"][:3]]
    hours = sum(window["minutes"] for window in answer["windows"]) / 60
    return "\n".join(
        [
            BEGIN,
            f"`{SAMPLE}`: {len(answer['windows'])} window of {hours:g} hours, "
            f"{total['present']:,} people inside, of whom {total['wishing']:,} are assumed to wish "
            f"to leave, {total['patients_wishing']:,} patients, "
            f"{total['tonnes_needed']:,.0f} tonnes needed.",
            "",
            "| consents | people out | of them patients | tonnes in |",
            "|---|--:|--:|--:|",
            *rows,
            "",
            f"No plan can move more than {total['no_plan_moves_more_persons']:,} people, "
            f"{total['no_plan_moves_more_patients']:,} patients and "
            f"{total['no_plan_moves_more_tonnes']:,.0f} tonnes. All {len(answer['rules_checked'])} "
            "rules were checked by code that shares nothing with the planner. What limits it:",
            "",
            *limits,
            END,
        ]
    )


def with_block(readme: str, made: str) -> str:
    """README with its block replaced; raises ValueError where there is no such block."""
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    if len(pattern.findall(readme)) != 1:
        raise ValueError("README.md must hold the marked block exactly once.")
    return pattern.sub(lambda _: made, readme)


def photograph(report: Path, picture: Path) -> None:
    """The report's map as a browser shows it, without any network."""
    chromium = os.environ.get("LULL_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        raise FileNotFoundError("no Chromium here; see scripts/services")
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 900}, offline=True)
        page.goto(report.as_uri())
        picture.parent.mkdir(parents=True, exist_ok=True)
        page.locator("figure.map").first.screenshot(path=str(picture))
        browser.close()


def main() -> int:
    """Write, or check; the exit code."""
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary) / "out"
        answer = plan(out)
        before = README.read_text(encoding="utf-8")
        after = with_block(before, block(answer))
        if "--check" in sys.argv[1:]:
            if before != after:
                print("The figures in README.md are out of date: make readme")
            return int(before != after)
        README.write_text(after, encoding="utf-8")
        photograph(out / "report.html", PICTURE)
        print(f"wrote {README.relative_to(ROOT)} and {PICTURE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
