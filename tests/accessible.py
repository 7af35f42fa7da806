"""What axe finds on a page: WCAG 2.2 A and AA, and axe's own best practices, in the light and in the dark.

What Streamlit itself gets wrong is on a list by rule and place. What is ours has no violation.
"""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests import browsing

# (rule, part of the place as a CSS selector): in Streamlit's own markup, which a program cannot reach.
STREAMLITS_OWN: tuple[tuple[str, str], ...] = ()


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, less what is Streamlit's own: theme, rule, place and what it wants."""
    page.evaluate(AXE_SCRIPT)
    return [f"{theme}: {found}" for theme in browsing.THEMES for found in _violations(page, theme)]


def _violations(page: Page, theme: str) -> list[str]:
    browsing.turn(page, theme)
    found, unsure = page.evaluate(
        "async () => { const r = await axe.run(document); return [r.violations, r.incomplete]; }"
    )
    # words in the colour of what they stand on: axe calls them hidden on purpose perhaps; nobody can read them
    hidden = [
        f"words that cannot be seen: {node['target']}"
        for rule in unsure
        for node in rule["nodes"]
        if any((check.get("data") or {}).get("messageKey") == "equalRatio" for check in node["any"])
    ]
    return hidden + [
        f"{rule['id']}: {place}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
        if not _streamlits_own(rule["id"], place := str(node["target"]))
    ]


def _streamlits_own(rule: str, place: str) -> bool:
    return any(rule == known and part in place for known, part in STREAMLITS_OWN)
