"""What can go wrong between a recording and its transcript, each said in one sentence."""

from __future__ import annotations

INSTALL_SPEECH = 'pip install "alliance-workbench[speech]"'


class SpeechError(Exception):
    """Base of all errors here; the message is a sentence for the person."""


class NotAMedium(SpeechError):
    """The file is no audio or video that can be read."""


class NoSound(SpeechError):
    """The medium has no sound track, or nothing can be heard on it."""


class NoSpeech(SpeechError):
    """There is sound, but nobody speaks: there is nothing to transcribe."""


class MissingModel(SpeechError):
    """A model is not installed, or files of it are missing or damaged."""


class SpeechNotInstalled(SpeechError):
    """The packages of the `[speech]` extra are not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(f"This needs the speech packages ({package} is missing). Install them with: {INSTALL_SPEECH}")


class Cancelled(SpeechError):
    """The work was cancelled; finished steps are kept."""

    def __init__(self) -> None:
        super().__init__("The work was cancelled. Finished steps are kept.")


class ChildFailed(SpeechError):
    """A child process ended or failed in a way that nobody foresaw."""


# A child process names its error by class; only these travel.
TRAVELLING: dict[str, type[SpeechError]] = {
    kind.__name__: kind for kind in (NotAMedium, NoSound, NoSpeech, MissingModel)
}
