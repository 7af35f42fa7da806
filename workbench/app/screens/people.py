"""To come."""

from workbench.app.parts import guard


def show() -> None:
    guard.admitted()
