"""When a plan or the configuration asks how strong the tests are."""

import pytest
from tests_checks import criterion, phase

from weighlock.checks.strength.asked import Asked, asked
from weighlock.config import GateSettings


def of(text: str, **settings: object) -> Asked:
    """Return what a phase with this text asks."""
    given = GateSettings(**settings)  # type: ignore[arg-type]
    return asked(given, [phase(text=text)])


@pytest.mark.parametrize(
    "text",
    [
        "Add a discount.",
        "Coverage matrix: every requirement has a phase.",
        "Requirements coverage: 100 %",
        "Coverage: 12 of 12 requirements (100%)",
        "The coverage was 62 % before this plan.",
        "Test coverage is at 70% today.",
        "Mutation testing is out of scope.",
        "No property-based tests are needed; 30 % would be too much.",
        "Add GraphQL mutation tests for createUser.",
        "Cache 80 % of the calls.",
    ],
)
def test_nothing_is_asked_by_words_about_something_else(text: str) -> None:
    assert not of(text)


@pytest.mark.parametrize(
    ("text", "mutation", "coverage", "properties"),
    [
        ("Mutation score of at least 80 %", 80, None, None),
        ("Run mutation tests on the new code.", 0, None, None),
        ("npx stryker run --mutate src/a.ts", 0, None, None),
        ("Line coverage >= 90%", None, 90, None),
        ("Reach 85.5 % coverage of the new code", None, 85.5, None),
        ("At least 30% property-based tests", None, None, 30),
        ("Coverage of at least 90 % and mutation testing.", 0, 90, None),
        ("Line coverage >= 80%, mutation score >= 70%", 70, 80, None),
    ],
)
def test_a_phase_asks_in_its_own_words(
    text: str, mutation: float | None, coverage: float | None, properties: float | None
) -> None:
    found = of(text)
    assert (found.mutation, found.coverage, found.properties) == (
        mutation,
        coverage,
        properties,
    )


def test_a_criterion_asks_as_the_text_does() -> None:
    asking = phase(criteria=(criterion("80% mutation score achieved"),))
    assert asked(GateSettings(), [asking]).mutation == 80


def test_the_configuration_beats_the_plan() -> None:
    found = of("Mutation score 80 %, and later: coverage", mutation=50.0)
    assert (found.mutation, found.given) == (50.0, True)
    assert not of("Mutation score 80 %", mutation="off")
    assert of("Add a discount.", coverage=70.0).coverage == 70.0
