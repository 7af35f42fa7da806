"""A questionnaire as one plain page. Pure: what it is given goes in, markup comes out."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.app.forms.words import words
from workbench.app.parts.plain_page import text
from workbench.model.instrument import Instrument, Item
from workbench.workflows.fill_form import enough_answered, missing_items


def questions(
    instrument: Instrument,
    action: str,
    given: Mapping[str, int] | None = None,
    *,
    asked_back: bool = False,
    hidden: Mapping[str, str] | None = None,
) -> str:
    """The page's body. `given` are answers to keep; `asked_back` marks those that are missing and offers
    to hand in without them. `hidden` goes along with the answers."""
    say, answers = words(instrument.language), dict(given or {})
    lacking = set(missing_items(instrument, answers)) if asked_back else set()
    rows = "".join(_row(instrument, n, item, answers, item.id in lacking) for n, item in enumerate(instrument.items, 1))
    extra = "".join(f'<input type="hidden" name="{text(k)}" value="{text(v)}">\n' for k, v in (hidden or {}).items())
    buttons = f'<button type="submit">{text(say.hand_in)}</button>'
    if lacking and answers:
        buttons += f'<button type="submit" class="second" name="as-it-is" value="yes">{text(say.hand_in_so)}</button>'
    return f"""
<h1>{text(instrument.title)}</h1>
<p class="lead">{text(instrument.instructions)}</p>
{_notice(instrument, answers, lacking)}
<form method="post" action="{text(action)}">
{extra}{rows}
<div class="hand-in">{buttons}</div>
</form>
"""


def _notice(instrument: Instrument, answers: Mapping[str, int], lacking: set[str]) -> str:
    if not lacking:
        return ""
    say = words(instrument.language)
    if not answers:
        sentences = [say.nothing]
    else:
        first = say.missing_one if len(lacking) == 1 else say.missing_some.format(n=len(lacking))
        few = [] if enough_answered(instrument, answers) else [say.too_few]
        sentences = [first, *few, say.may_leave]
    return '<div class="notice" role="alert">' + "".join(f"<p>{text(s)}</p>" for s in sentences) + "</div>"


def _row(instrument: Instrument, number: int, item: Item, answers: Mapping[str, int], missing: bool) -> str:
    name = f"item.{item.id}"
    steps = range(instrument.low, instrument.high + 1)
    choices = "".join(_choice(instrument, name, value, answers.get(item.id) == value) for value in steps)
    mark = f'<p class="mark-missing">{text(words(instrument.language).missing_here)}</p>' if missing else ""
    ends = "".join(f"<span>{text(instrument.labels.get(v, ''))}</span>" for v in (instrument.low, instrument.high))
    return f"""<fieldset class="item{" missing" if missing else ""}" id="{text(item.id)}">
<legend><span class="number">{number}</span>{text(item.text)}</legend>
{mark}<div class="scale steps-{len(steps)}">{choices}</div>
<div class="ends" aria-hidden="true">{ends}</div>
</fieldset>
"""


def _choice(instrument: Instrument, name: str, value: int, chosen: bool) -> str:
    label = instrument.labels.get(value, "")
    small = f"<small>{text(label)}</small>" if label else ""
    return (
        f'<label class="choice"><input type="radio" name="{text(name)}" value="{value}"'
        f"{' checked' if chosen else ''}><span><b>{value}</b>{small}</span></label>"
    )


def answers_of(instrument: Instrument, sent: Mapping[str, str]) -> dict[str, int]:
    """The answers among the fields that a page sent; what is no answer of this form is left out."""
    out: dict[str, int] = {}
    for item in instrument.items:
        value = sent.get(f"item.{item.id}", "")
        if value.lstrip("-").isdecimal() and len(value) < 4 and instrument.low <= int(value) <= instrument.high:
            out[item.id] = int(value)
    return out
