"""What the local engine tells of English sentences, and which those are."""

import pytest

from tasks_app.inference.local.language import Language, language_of
from tests.unit.local_requests import ask, insights


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("call mom tonight", Language.ENGLISH),
        ("Meet 王总 at 3pm tomorrow", Language.ENGLISH),
        ("把PPT发给Lisa", Language.CHINESE),
        ("review一下PR", Language.CHINESE),
        ("15:30", Language.CHINESE),
        ("……", Language.CHINESE),
    ],
)
def test_the_language_is_that_of_most_words(text: str, language: Language) -> None:
    assert language_of(text) is language


def test_a_call_to_the_assistant_does_not_decide_the_language() -> None:
    assert ask("提醒我 call grandma tonight").summary_text.startswith("Social: Call")


@pytest.mark.parametrize(
    ("text", "summary", "plan"),
    [
        (
            "Flight to Chicago tomorrow at 6am, don't forget my passport",
            "Trip: Flight to Chicago tomorrow at 6am (Thu, Mar 5), "
            "don't forget my passport.",
            "Tonight, get your passport ready. Pack your luggage. Make sure the "
            "tickets are booked. Tomorrow at 6am (Thu, Mar 5): Flight to Chicago, "
            "with time to spare on the way.",
        ),
        (
            "cancel the trip to Boston this weekend, the car broke down",
            "Trip, called off: Cancel the trip to Boston this weekend (Mar 7–8), "
            "the car broke down.",
            "See whether anything already booked can be refunded.",
        ),
        (
            "cancel tomorrow's standup",
            "Meeting, called off: Cancel tomorrow's (Thu, Mar 5) standup.",
            "Take it off the calendar, and let the others know if need be.",
        ),
        (
            "Send the quarterly report to Lisa by Friday",
            "Work: Send the quarterly report to Lisa by Friday (Mar 6).",
            "Proofread it before it goes out. Send the quarterly report to Lisa by "
            "Friday (Mar 6), and don't leave it to the last minute.",
        ),
        (
            "team meeting every Monday at 9",
            "Meeting: Team meeting every Monday at 9.",
            "Confirm where it takes place. Prepare the meeting materials. Set a "
            "repeating reminder: team meeting every Monday at 9.",
        ),
        (
            "dinner with Anna on Friday",
            "Social, most likely: Dinner with Anna on Friday (Mar 6).",
            "Decide what time on Friday. Agree on where to meet. Book a table.",
        ),
        (
            "we're out of toilet paper",
            "Shopping: We're out of toilet paper.",
            "No time was given, so pick one first. Decide how much to buy. "
            "Decide where to buy it.",
        ),
    ],
)
def test_an_english_sentence_gets_an_english_answer(
    text: str, summary: str, plan: str
) -> None:
    result = ask(text)
    assert (result.summary_text, result.suggested_plan) == (summary, plan)


@pytest.mark.parametrize(
    ("text", "omissions"),
    [
        ("drive to Denver on Saturday at 9", ["Driver's license", "Luggage"]),
        ("fly to Tokyo next Monday at 9am", ["Passport", "Visa", "Luggage", "Tickets"]),
        ("blood test tomorrow at 8, don't eat breakfast", []),
        ("pick up Tom from the airport at 9 pm", ["Transport"]),
        ("return the jacket to the store by Friday", ["Receipt"]),
    ],
)
def test_what_is_missing_has_english_names(text: str, omissions: list[str]) -> None:
    assert ask(text).potential_omissions[: len(omissions) or None] == omissions


@pytest.mark.parametrize(
    ("text", "last_step"),
    [
        ("catch the 9am flight to Tokyo on Friday", "9am (Fri, Mar 6): catch the"),
        ("zoom call with the client at 4:30", "4:30 PM: zoom call with the client"),
        ("work overtime on Saturday to fix the bug", "work overtime to fix the bug"),
        ("I have a haircut at 11 on Saturday", "haircut"),
        ("it's Dad's birthday on Friday", "On Friday (Mar 6): Dad's birthday"),
        ("game night at Mike's place on Saturday at 7", "game night at Mike's place"),
        ("move the design review to Friday at 3pm", "design review"),
        ("Movie night with Sara got moved to Sunday at 8", "Movie night with Sara."),
        ("the lease expires on June 3, renew it", "Before June 3 (Wed): renew it"),
    ],
)
def test_the_deed_keeps_its_grammar(text: str, last_step: str) -> None:
    assert last_step in ask(text).suggested_plan.split(". ")[-1]


def test_a_passport_that_expires_is_an_errand_before_the_trip() -> None:
    errand = ask("my passport expires on June 3, renew it before the trip")
    assert errand.task_type == "other"
    assert "Luggage" not in errand.potential_omissions


def test_reminders_and_tags_are_english_too() -> None:
    result = insights("Flight to Chicago tomorrow at 6am, bring a jacket")
    assert result.suggested_tags == ["trip", "Chicago", "jacket"]
    assert result.reminder_suggestions == [
        "Wed, Mar 4, 9:00 PM: things to get ready: jacket, ID and luggage",
        "Thu, Mar 5, 3:00 AM (3 h ahead): Flight to Chicago",
    ]
    (only,) = insights("buy milk").reminder_suggestions
    assert only == "Set a reminder once the time is known"


def test_a_poor_recording_is_told_in_english() -> None:
    heard = ask("call mom tonight", audio_features={"asr_confidence": 0.3})
    assert heard.summary_text.endswith(" so check the wording.")


@pytest.mark.parametrize("text", ["qwerty", "remind me", "at 6:30"])
def test_without_evidence_it_says_so_in_english(text: str) -> None:
    result = ask(text)
    assert result.summary_text.isascii()
    assert result.potential_omissions[0] in {"What to do", "Time"}
