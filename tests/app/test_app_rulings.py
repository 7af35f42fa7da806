"""Rulings where people meet them: in the coding room, on its routes, on the Schemes screen, in an export."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from tests.app.house import House
from tests.app.test_app_screens import text_of
from workbench.app.parts.ruling_payload import rulings_payload
from workbench.model.consent import Scope
from workbench.model.ruling import Clip
from workbench.model.span import TimeSpan
from workbench.model.taken_out import Why
from workbench.store import rulings, sessions
from workbench.workflows import assign, export, record_consent, rule, see_rulings
from workbench.workflows.rule import Wording

Client = Callable[..., TestClient]
Screen = Callable[..., AppTest]
DAY = date(2025, 3, 1)


def sent(house: House, **more: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "code": house.scheme.codes[0].id,
        "decided_on": "2025-03-01",
        "question": "Is a shrug enough?",
        "decision": "No.",
        "session": house.coded.id,
        "start_ms": 4000,
        "end_ms": 9000,
    }
    return body | more


def rulings_at(house: House) -> str:
    return f"/wb/rulings/{house.scheme.hash}"


def make(house: House, **more: Any) -> str:
    words = {"code": house.scheme.codes[0].id, "question": "Is a shrug enough?", "decision": "No."} | more
    made = rule.make_ruling(
        house.workspace, house.people["carla"], house.scheme.name, Wording(decided_on=DAY, **words), DAY
    )
    return made.id


def room_of(house: House, name: str) -> dict[str, Any] | None:
    return rulings_payload(house.workspace, house.people[name], house.scheme, house.coded, house.recording)


# who → answer, making a ruling with a clip of the session
MAKES = {"carla": 200, "imre": 200, "ada": 403, "ben": 403, "eve": 403, "farid": 403, None: 401}


@pytest.mark.parametrize(("name", "status"), MAKES.items())
def test_a_ruling_is_made_by_those_who_may(client: Client, house: House, name: str | None, status: int) -> None:
    answer = client(name).post(rulings_at(house), json=sent(house))
    assert answer.status_code == status
    if status == 200:
        [made] = answer.json()["rulings"]
        assert (made["where"], made["date"], made["change"]) == ("S-01, 0:04–0:09", "2025-03-01", "")
        assert made["clip"] == f"/wb/rulings/{made['id']}/1/clip"


def test_a_change_needs_the_word_of_its_page(client: Client, house: House) -> None:
    for address in (rulings_at(house), "/wb/rulings/seen"):
        answer = client("carla").post(address, json=sent(house), headers={"x-wb-csrf": ""})
        assert answer.status_code == 403 and "out of date" in answer.json()["error"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"question": "", "decision": " "}, ["The question is empty.", "The decision is empty."]),
        ({"code": "=cmd()"}, ["No version of the scheme has a code '=cmd()'."]),
        ({"decided_on": "yesterday"}, []),
        ({"start_ms": 9000}, []),
        ({"start_ms": 239_000, "end_ms": 241_000}, ["The clip ends at 4:01, and the recording at 4:00."]),
        ({"session": "nowhere"}, ["No such session."]),
        ({"question": 5}, []),
        ({"end_ms": None}, []),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_kept(
    client: Client, house: House, wrong: dict[str, Any], said: list[str]
) -> None:
    answer = client("carla").post(rulings_at(house), json=sent(house, **wrong))
    assert answer.status_code in (400, 409) and answer.json()["error"].endswith(".")
    assert answer.json().get("problems", []) == said
    assert see_rulings.rulings_of(house.workspace, house.people["carla"], house.scheme) == []


def test_the_room_brings_what_is_new_until_it_was_read(client: Client, house: House) -> None:
    ident = make(house)
    given = room_of(house, "ada")
    assert given is not None and not given["may_make"]
    assert [(r["id"], r["change"]) for r in given["list"]] == [(ident, "new")]
    answer = client("ada").post("/wb/rulings/seen", json={"rulings": [{"id": ident, "version": 1}]})
    assert answer.status_code == 200
    again = room_of(house, "ada")
    assert again is not None and [(r["id"], r["change"]) for r in again["list"]] == [(ident, "")]
    other = room_of(house, "ben")
    assert other is not None and other["list"][0]["change"] == "new"
    assert room_of(house, "farid") is None  # a provider looks on and codes nothing
    for wrong in ({"rulings": "all"}, {"rulings": [{"id": ident, "version": 0}]}, {"rulings": [{"version": 1}]}):
        assert client("ada").post("/wb/rulings/seen", json=wrong).status_code == 400


def test_a_clip_plays_for_those_who_may_and_its_place_is_told_to_nobody_else(client: Client, house: House) -> None:
    clip = Clip(house.coded.id, TimeSpan(4000, 9000))
    ident = make(house, clip=clip, question="<script>alert(1)</script>")
    at = f"/wb/rulings/{ident}/1/clip"
    # Ada still codes the session; Ben has handed in
    expected = {"carla": 200, "imre": 200, "ben": 200, "ada": 403, "stranger": 403, "eve": 403, "farid": 403, None: 401}
    answers = {name: client(name).get(at) for name in expected}
    assert {name: a.status_code for name, a in answers.items()} == expected
    page = answers["ben"].text
    assert f"/wb/recordings/{house.recording.id}/media#t=4.000,9.000" in page and "<script>" not in page
    for name in ("ada", "stranger"):
        assert house.recording.id not in answers[name].text
        [shown] = (room_of(house, name) or {})["list"]
        assert (shown["where"], shown["clip"]) == ("", "")
    assert client("carla").get(f"/wb/rulings/{ident}/2/clip").status_code == 404
    assert client("carla").get("/wb/rulings/nothing/1/clip").status_code == 404


def test_a_question_in_arabic_runs_from_the_right_above_its_clip(client: Client, house: House) -> None:
    ident = make(house, clip=Clip(house.coded.id, TimeSpan(4000, 9000)), question="هل تكفي الإيماءة؟")
    assert '<h1 dir="auto">هل تكفي الإيماءة؟</h1>' in client("carla").get(f"/wb/rulings/{ident}/1/clip").text


def test_who_may_take_no_clip_is_told_why_before_writing(house: House) -> None:
    given = rulings_payload(house.workspace, house.people["carla"], house.scheme, house.silent, house.silent_recording)
    assert given is not None and "supervision and training" in given["no_clip"]
    assert (room_of(house, "carla") or {})["no_clip"] == ""


# --- the Schemes screen


def test_the_schemes_screen_has_rulings_beside_the_definition_and_in_a_list(screen: Screen, house: House) -> None:
    make(house, clip=Clip(house.coded.id, TimeSpan(4000, 9000)), decision="No: <b>never</b>.")
    at = screen("ben", "scheme", scheme=house.scheme.hash)
    assert not at.exception
    said = [p.body for p in (e.proto for e in at.get("html")) if "Is a shrug enough?" in p.body]
    assert len(said) == 2 and all("No: &lt;b&gt;never&lt;/b&gt;." in body for body in said)
    assert 'class="wb-codes"' in said[0] and 'class="wb-ruling ' in said[1]
    assert "Clip: S-01, 0:04–0:09" in text_of(at)
    assert not [e for e in at.expander if e.label == "Write a ruling"]
    assert "Clip:" not in text_of(screen("ada", "scheme", scheme=house.scheme.hash))


def test_of_many_rulings_on_a_code_three_stand_with_its_definition_and_the_earlier_ones_are_folded(
    screen: Screen, house: House
) -> None:
    for n in range(5):
        make(house, question=f"Case {n}?")
    at = screen("ben", "scheme", scheme=house.scheme.hash)
    codes = next(e.proto.body for e in at.get("html") if "Case 0?" in e.proto.body)
    shown, folded = codes.split("<details")
    assert shown.count("<li>") == 3 and folded.count("<li>") == 2
    assert "<summary>2 earlier rulings</summary>" in folded


def test_without_a_ruling_the_screen_says_how_one_comes_to_be(screen: Screen, house: House) -> None:
    assert "No ruling yet" in text_of(screen("ada", "scheme", scheme=house.scheme.hash))


def test_a_supervisor_writes_corrects_and_withdraws_on_the_screen(screen: Screen, house: House) -> None:
    at = screen("carla", "scheme", scheme=house.scheme.hash)
    question, decision, _ = at.text_area[:3]
    question.set_value("And a nod?")
    decision.set_value("  ")
    press(at, "Keep the ruling")
    assert "The decision is empty" in at.error[0].value.replace("\\", "")
    assert at.text_area[0].value == "And a nod?"  # the words stay
    at.text_area[1].set_value("Yes.")
    press(at, "Keep the ruling")
    assert not at.exception and not at.error
    [made] = see_rulings.rulings_of(house.workspace, house.people["carla"], house.scheme)
    assert (made.ruling.question, made.ruling.decision) == ("And a nod?", "Yes.")
    assert at.text_area[0].value == ""

    correcting = next(a for a in at.text_area if a.value == "Yes.")
    correcting.set_value("Yes, with a word.")
    press(at, "Keep the new words")
    assert not at.error
    next(a for a in at.text_area if a.label == "Why does it hold no more?").set_value("The manual says it now.")
    press(at, "Withdraw it")
    assert not at.error and "Withdrawn: The manual says it now." in text_of(at)
    words = see_rulings.history(house.workspace, house.people["carla"], house.scheme, made.ruling.id)
    assert [w.ruling.decision for w in words] == ["Yes, with a word.", "Yes, with a word.", "Yes."]


def take_out(at: AppTest, words: str, *, why: Why | None = Why.NAME) -> None:
    at.text_area(key=next(a.key for a in at.text_area if a.label == "Words to take out")).set_value(words)
    box = next(s for s in at.selectbox if s.label == "Why")
    box.set_value(why) if why else None
    press(at, "Show what would go")


def test_a_supervisor_takes_a_name_out_after_seeing_what_would_go(screen: Screen, house: House) -> None:
    ident = make(house, decision="As Wilhelmina said.", example="Wilhelminas nod.")
    at = screen("carla", "scheme", scheme=house.scheme.hash)
    take_out(at, "Wilhelmina", why=None)
    assert "Choose why" in at.error[0].value
    take_out(at, "Nobody")
    assert "No version of the ruling says this" in at.warning[0].value.replace("\\", "")
    take_out(at, "ilhelmin")
    assert "within longer words only (“Wilhelmina”, “Wilhelminas”)" in plain_of(at.warning[0].value)
    take_out(at, "wilhelmina")
    said = text_of(at).replace("\\", "")
    assert "1 place in 1 version would go" in said and "As [taken out] said." in said
    assert "These longer words would stay: “Wilhelminas”" in said and "cannot be undone" in said
    go = next(b for b in at.button if b.label == "Take them out for good")
    assert go.disabled
    next(c for c in at.checkbox if c.label == "Also within longer words").check()
    press(at, "Show what would go")
    next(c for c in at.checkbox if c.label.startswith("I know")).check().run()
    press(at, "Take them out for good")
    assert not at.exception and not at.error
    said = text_of(at).replace("\\", "")
    assert "Wilhelmina" not in said and "ilhelmina" not in repr(at.session_state)
    assert "As [taken out] said." in said and "Words were taken out by Carla" in said and "a name." in said
    [room] = [r for r in (room_of(house, "ada") or {})["list"] if r["id"] == ident]
    assert room["example"] == "[taken out]s nod." and room["taken_out"].endswith("a name.")
    assert "Carla" not in room["taken_out"]
    rows = exported(house, "carla")
    assert [(r["version"], r["taken_out"], r["decision"]) for r in rows] == [
        ("1", "", "As [taken out] said."),
        ("2", "name", "As [taken out] said."),
    ]


def test_who_may_take_words_out(screen: Screen, house: House) -> None:
    make(house, example="A patient said so.")
    for name, may in {"carla": True, "eve": True, "imre": False, "ada": False}.items():
        at = screen(name, "scheme", scheme=house.scheme.hash)
        assert bool([b for b in at.button if b.label == "Show what would go"]) is may, name
        assert ("A patient said so." in text_of(at)) is (name != "eve"), name  # an administrator reads no example
    assert not [b for b in screen("eve", "scheme", scheme=house.scheme.hash).button if b.label == "Keep the new words"]


def test_the_form_that_corrects_says_what_it_leaves_as_it_is(screen: Screen, house: House) -> None:
    ws, carla = house.workspace, house.people["carla"]
    ident = make(house, clip=Clip(house.coded.id, TimeSpan(4000, 9000)), example="“Go on.”")
    coding = "You still code its session: its clip and its example stay as they are."
    consent = "Its example is from a session that may not be used for training any more. Nobody is shown it."
    again = "It is withdrawn; in new words it holds again."

    def form() -> tuple[set[str], bool]:
        """What the forms say, and whether the one that corrects has a field for the example."""
        at = screen("carla", "scheme", scheme=house.scheme.hash)
        fields = [a for a in at.text_area if a.label == "An example in words" and ident in str(a.key)]
        return {plain_of(c.value) for c in at.caption} & {coding, consent, again}, bool(fields)

    assert form() == (set(), True)
    assign.assign(ws, None, house.coded.id, carla.id, house.scheme.hash)
    assert form() == ({coding}, False)
    at = screen("carla", "scheme", scheme=house.scheme.hash)
    decision = next(a for a in at.text_area if a.label == "What was decided" and ident in str(a.key))
    decision.set_value("No, never.")
    press(at, "Keep the new words")
    with ws.reading() as connection:
        kept = rulings.versions(connection, ident)[-1]
    assert (kept.decision, kept.example, kept.clip is not None) == ("No, never.", "“Go on.”", True)  # as it says
    without_training(house)
    assert form() == ({consent}, False)
    rule.withdraw_ruling(ws, carla, ident, 2, "Wrong.")
    assert form() == ({consent, again}, False)


def plain_of(text: str) -> str:
    return text.replace("\\", "")


def press(at: AppTest, label: str) -> None:
    next(b for b in at.button if b.label == label).click().run()


def test_rulings_are_searched_by_any_words(screen: Screen, house: House) -> None:
    make(house, question="A silence of ten seconds?")
    make(house, question="هل الصمت انسحاب؟")
    at = screen("ben", "scheme", scheme=house.scheme.hash)
    box = next(t for t in at.text_input if t.label == "Search rulings")
    box.set_value("seconds SILENCE").run()
    assert "1 ruling of 2" in text_of(at).replace("\\", "")
    box.set_value("الصمت").run()
    assert "1 ruling of 2" in text_of(at).replace("\\", "")


# --- an export


def test_an_export_carries_every_version_and_names_a_clip_only_where_it_may(house: House) -> None:
    ws, carla = house.workspace, house.people["carla"]
    ident = make(house, clip=Clip(house.coded.id, TimeSpan(4000, 9000)), question="=cmd()|'/C calc'!A0")
    rule.withdraw_ruling(ws, carla, ident, 1, "Wrong.")
    rows = exported(house, "carla")
    assert [(r["version"], r["session"], r["start_ms"], r["withdrawn"]) for r in rows] == [
        ("1", "S-01", "4000", ""),
        ("2", "S-01", "4000", "Wrong."),
    ]
    assert rows[0]["question"].startswith("'=cmd()") and rows[0]["kind"] == "code"
    without_training(house)
    assert [(r["session"], r["start_ms"]) for r in exported(house, "imre")] == [("", "")] * 2


def without_training(house: House) -> None:
    """The patient no longer wants the session to be used for supervision and training."""
    ws, patient = house.workspace, next(p.participant_id for p in house.coded.participants)
    with ws.reading() as connection:
        given = [c for c in sessions.consents(connection, house.coded.id) if c.participant_id == patient]
    everything_else = set(Scope) - {Scope.SUPERVISE}
    record_consent.withdraw_consent(ws, None, house.coded.id, given[0].id)
    record_consent.record_consent(ws, None, house.coded.id, patient, everything_else, record_consent.STATEMENT)


def exported(house: House, name: str) -> list[dict[str, str]]:
    made = export.export_zip(house.workspace, house.people[name], house.coded.study_id)
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        file = next(n for n in archive.namelist() if n.endswith("rulings.csv"))
        return list(csv.DictReader(io.StringIO(archive.read(file).decode("utf-8-sig"))))
