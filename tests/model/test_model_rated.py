"""Who and what a scheme asks to be rated, and a rating of a person beside what that person did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.model.checklist import blocking, checklist
from workbench.model.coding import CodingContent, Event, Place, Rating, Reason
from workbench.model.evidence import contradictions
from workbench.model.people import ParticipantKind
from workbench.model.rated import places, rated_people, ratings_asked
from workbench.model.scheme import Code, CodeKind, CodingScheme, Each, EvidenceRule, RatingScale
from workbench.model.session import Session, SessionParticipant
from workbench.model.session_people import SessionPerson, done_by, is_of, session_people
from workbench.model.span import TimeSpan

HOUR = (TimeSpan(0, 3_600_000),)
PROVIDER, PATIENT, FAMILY = ParticipantKind.PROVIDER, ParticipantKind.PATIENT, ParticipantKind.FAMILY
SAFETY = RatingScale("safety", "Safety", -3, 3, "", start=0, no_evidence=True, of=("patient", "family"))
PURPOSE = RatingScale("purpose", "Shared purpose", -3, 3, "", start=0, of=("patient", "family"), together=True)
OPENS = Code("opens", "Opens up", CodeKind.POINT, "o", "", who="clients", ask=("who",))
RULE = EvidenceRule("safe", "safety", 2, 3, ("opens",), "Who is safe opens up.", 1)
SCHEME = CodingScheme("family", "Family", "1", "", "", "", (), (OPENS,), (SAFETY, PURPOSE), rules=(RULE,))


def people(*kinds: ParticipantKind) -> tuple[SessionPerson, ...]:
    members = tuple(SessionParticipant(f"id{n}", f"P{n}", kind) for n, kind in enumerate(kinds))
    return session_people(Session("s", "st", "Study", "S1", "", 1, 0, "", False, members))


THREE, ALONE = people(PROVIDER, PATIENT, FAMILY, FAMILY), people(PROVIDER, PATIENT)


def said(*ratings: Rating, events: tuple[Event, ...] = (), reasons: tuple[Reason, ...] = ()) -> CodingContent:
    return CodingContent(events, ratings, reasons=reasons)


def test_each_patient_and_family_member_is_rated_and_the_family_as_one() -> None:
    assert [p.label for p in rated_people(SAFETY, THREE)] == ["Patient", "Family member 1", "Family member 2"]
    assert places(SCHEME, 0, THREE) == (
        Place("safety", 0, "patient"),
        Place("safety", 0, "family-1"),
        Place("safety", 0, "family-2"),
        Place("purpose"),
    )
    assert rated_people(PURPOSE, THREE) == ()
    assert [SAFETY.each, PURPOSE.each, replace(SAFETY, of=()).each] == [Each.PERSON, Each.FAMILY, Each.SESSION]


@pytest.mark.parametrize(
    ("kinds", "asked"),
    [
        pytest.param((PROVIDER, PATIENT), ["safety patient"], id="nothing is shared by one alone"),
        pytest.param((PROVIDER, PATIENT, PATIENT), ["safety patient-1", "safety patient-2", "purpose "], id="a couple"),
        pytest.param((PROVIDER, PATIENT, FAMILY), ["safety patient", "safety family", "purpose "], id="one relative"),
        pytest.param((PROVIDER,), [], id="nobody to rate"),
    ],
)
def test_who_is_rated_follows_from_who_is_there(kinds: tuple[ParticipantKind, ...], asked: list[str]) -> None:
    assert [f"{p.scale} {p.person}" for p in places(SCHEME, 0, people(*kinds))] == asked


def test_ratings_of_somebody_else_than_the_scheme_asks_for_do_not_count() -> None:
    given = (
        Rating("safety", 0, 1),
        Rating("safety", 0, 2, person="patient"),
        Rating("safety", 0, 0, person="provider"),
    )
    asked = ratings_asked(SCHEME, said(*given, Rating("purpose", 0, 1, person="patient")), HOUR)
    assert [r.person for r in asked] == ["patient"]


def test_a_checklist_names_each_person_who_is_not_rated_yet_and_no_evidence_is_an_answer() -> None:
    content = said(Rating("safety", 0, 1, person="patient"), Rating("safety", 0, None, True, "family-1"))
    entries = checklist(SCHEME, content, HOUR, people=THREE)
    assert [e.sentence for e in entries] == [
        "“Safety” is not rated yet for Family member 2.",
        "“Shared purpose” is not rated yet.",
    ]
    assert [(e.scale, e.segment, e.person) for e in entries] == [("safety", 0, "family-2"), ("purpose", 0, "")]
    assert checklist(SCHEME, said(Rating("safety", 0, 1, person="patient")), HOUR, people=ALONE) == ()


def test_a_person_s_rating_is_held_against_what_that_person_did() -> None:
    safe = tuple(Rating("safety", 0, 3, person=p) for p in ("patient", "family-1", "family-2"))
    opened = (Event("a", "opens", 1000, who="patient"), Event("b", "opens", 2000, who="family-2"))
    [found] = contradictions(SCHEME, said(*safe, events=opened), (), THREE)
    assert (found.rating.person, found.found) == ("family-1", 0)
    rated = (*safe, Rating("purpose", 0, 0))
    [entry] = checklist(SCHEME, said(*rated, events=opened), HOUR, people=THREE)
    assert entry.sentence == "“Safety” is rated +3 for Family member 1. Who is safe opens up."
    assert entry.blocks and entry.person == "family-1"
    answered = said(*rated, events=opened, reasons=(Reason("safe", 0, "It was in the face.", "family-1"),))
    assert not blocking(checklist(SCHEME, answered, HOUR, people=THREE))
    of_another = said(*rated, events=opened, reasons=(Reason("safe", 0, "It was in the face.", "family-2"),))
    assert blocking(checklist(SCHEME, of_another, HOUR, people=THREE))


def test_contradictions_come_in_the_order_of_the_session_s_people() -> None:
    rated = said(*(Rating("safety", 0, 3, person=p) for p in ("family-1", "family-2", "patient")))
    assert [c.rating.person for c in contradictions(SCHEME, rated, (), THREE)] == ["patient", "family-1", "family-2"]


def test_the_whole_family_did_what_each_of_its_members_did_and_the_only_one_there_needs_no_name() -> None:
    assert done_by("family", "clients", THREE) == {"family-1", "family-2"}
    assert done_by("family-1", "clients", THREE) == {"family-1"}
    assert done_by("", "clients", THREE) == frozenset()
    assert done_by("", "patient", THREE) == done_by("", "clients", ALONE) == {"patient"}
    assert done_by("family", "both", people(PROVIDER, PATIENT, FAMILY)) == {"family"}
    assert done_by("somebody", "both", THREE) == frozenset()
    assert [is_of(p, "clients") for p in ("patient-2", "family", "provider")] == [True, True, False]


def test_an_act_of_nobody_is_asked_about_where_each_person_is_rated() -> None:
    rated = tuple(Rating("safety", 0, 0, person=p) for p in ("patient", "family-1", "family-2"))
    acts = (Event("a", "opens", 61_000), Event("b", "opens", 62_000, who="patient"))
    content = said(*rated, Rating("purpose", 0, 0), events=acts)
    assert [e.sentence for e in checklist(SCHEME, content, HOUR, people=THREE)] == [
        "“Who” of “Opens up” at 1:01 is not answered yet."
    ]
    assert checklist(SCHEME, said(rated[0], events=acts), HOUR, people=ALONE) == ()
    unrated = replace(SCHEME, ratings=())
    assert checklist(unrated, said(events=acts), HOUR, people=THREE) == ()
