"""What the form pages say around the questions, in the instrument's language; English where we have none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    hand_in: str
    hand_in_so: str
    missing_one: str
    missing_some: str
    missing_here: str
    too_few: str
    may_leave: str
    nothing: str
    thanks: str
    thanks_more: str
    not_open: str


_ENGLISH = Words(
    hand_in="Hand in",
    hand_in_so="Hand in as it is",
    missing_one="One sentence has no answer yet. Your other answers are kept.",
    missing_some="{n} sentences have no answer yet. Your other answers are kept.",
    missing_here="No answer yet",
    too_few="With so few answers no score can be worked out.",
    may_leave="You may answer them now, or hand the form in as it is.",
    nothing="Nothing is answered yet. Choose a number for each sentence that you want to answer.",
    thanks="Thank you",
    thanks_more="Your answers are saved. You can close this page.",
    not_open="This form cannot be opened",
)
_WORDS = {
    "en": _ENGLISH,
    "de": Words(
        hand_in="Abgeben",
        hand_in_so="So abgeben",
        missing_one="Ein Satz ist noch ohne Antwort. Ihre anderen Antworten bleiben erhalten.",
        missing_some="{n} Sätze sind noch ohne Antwort. Ihre anderen Antworten bleiben erhalten.",
        missing_here="Noch keine Antwort",
        too_few="Aus so wenigen Antworten lässt sich kein Wert berechnen.",
        may_leave="Sie können sie jetzt beantworten oder den Bogen so abgeben.",
        nothing="Es ist noch nichts beantwortet. Wählen Sie zu jedem Satz, den Sie beantworten möchten, eine Zahl.",
        thanks="Vielen Dank",
        thanks_more="Ihre Antworten sind gespeichert. Sie können diese Seite schließen.",
        not_open="Dieser Bogen lässt sich nicht öffnen",
    ),
    "ar": Words(
        hand_in="إرسال",
        hand_in_so="إرسال كما هو",
        missing_one="توجد جملة واحدة بلا إجابة. إجاباتك الأخرى محفوظة.",
        missing_some="عدد الجمل التي بلا إجابة: {n}. إجاباتك الأخرى محفوظة.",
        missing_here="بلا إجابة",
        too_few="لا يمكن حساب نتيجة من هذا العدد القليل من الإجابات.",
        may_leave="يمكنك الإجابة عنها الآن أو إرسال النموذج كما هو.",
        nothing="لم تتم الإجابة عن أي جملة بعد. اختر رقمًا لكل جملة تريد الإجابة عنها.",
        thanks="شكرًا لك",
        thanks_more="تم حفظ إجاباتك. يمكنك إغلاق هذه الصفحة.",
        not_open="لا يمكن فتح هذا النموذج",
    ),
}


def words(language: str) -> Words:
    """The words of a language such as `de` or `de-AT`."""
    return _WORDS.get(language.split("-")[0].lower(), _ENGLISH)
