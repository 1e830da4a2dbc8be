"""Headings that mean something to a spec, and headings that only look like it."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.headings.classifier import HeadingKind, classify_heading
from spec2bdd.domain.specs.vocabulary import build_vocabulary

ANNOUNCE = [
    ("Must Have", HeadingKind.MUST),
    ("must have", HeadingKind.MUST),
    ("MUST HAVE:", HeadingKind.MUST),
    ("Must-have", HeadingKind.MUST),
    ("Must Haves", HeadingKind.MUST),
    ("Must Have (P0)", HeadingKind.MUST),
    ("Must Have Features", HeadingKind.MUST),
    ("Must-Have (All Achieved ✅)", HeadingKind.MUST),
    ("Must-have - DONE", HeadingKind.MUST),
    ("Must Have — blocking", HeadingKind.MUST),
    ("🔴 Must Have", HeadingKind.MUST),
    ("P0 - Must have", HeadingKind.MUST),
    ("High Priority (Must Have)", HeadingKind.MUST),
    ("1. Must Have", HeadingKind.MUST),
    ("Must", HeadingKind.MUST),
    ("Acceptance Criteria (Must Have)", HeadingKind.MUST),
    ("Should-Have (Enhanced)", HeadingKind.SHOULD),
    ("Should Have (Nice to Have)", HeadingKind.SHOULD),
    ("Could Have (Future Enhancements)", HeadingKind.COULD),
    ("Nice-to-have", HeadingKind.COULD),
    ("Nice to Have (v0.7.0+)", HeadingKind.COULD),
    ("Won't Have (This Phase)", HeadingKind.WONT),
    ("Won’t have", HeadingKind.WONT),
    ("Wont Have", HeadingKind.WONT),
    ("Acceptance Criteria", HeadingKind.CRITERIA),
    ("4.2 Acceptance criteria:", HeadingKind.CRITERIA),
    ("✅ Acceptance Criteria", HeadingKind.CRITERIA),
    ("Acceptance Criteria Checklist", HeadingKind.CRITERIA),
    ("Success Criteria (mandatory)", HeadingKind.CRITERIA),
    ("Definition of Done", HeadingKind.DONE),
    ("Definition of Done (DoD)", HeadingKind.DONE),
    ("Purpose", HeadingKind.PURPOSE),
    ("P0 - Must ship", HeadingKind.MUST),
    ("Must achieve:", HeadingKind.MUST),
    ("Must Pass", HeadingKind.MUST),
    ("Must Pass Before Release", HeadingKind.MUST),
    ("Must Have Before Implementation", HeadingKind.MUST),
    ("Must-Have (P0) ✅ ALL ACHIEVED:", HeadingKind.MUST),
    ("Functional Requirements (Must Have)", HeadingKind.MUST),
    ("Success Criteria for Phase 4", HeadingKind.CRITERIA),
    ("Updated Acceptance Criteria", HeadingKind.CRITERIA),
    ("Tier 1 Success Criteria (1 week validation)", HeadingKind.CRITERIA),
    ("Functional Requirements", HeadingKind.REQUIREMENTS),
    ("Open Questions", HeadingKind.OTHER),
    ("✅ Implementation Tasks", HeadingKind.OTHER),
    ("Out of Scope (This Increment)", HeadingKind.OTHER),
    ("Success Criteria Assessment", HeadingKind.OTHER),
    ("Stretch Goals (optional)", HeadingKind.COULD),
    ("Lamp Acceptance Criteria", HeadingKind.CRITERIA),
    ("Technische Akzeptanzkriterien", HeadingKind.CRITERIA),
    ("機能の受け入れ基準", HeadingKind.CRITERIA),
    ("照明验收标准", HeadingKind.CRITERIA),
    ("照明验收检查清单", HeadingKind.CRITERIA),
    ("Explicitly Not Acceptance Criteria", HeadingKind.OTHER),
    ("Non-Acceptance Criteria", HeadingKind.OTHER),
    ("受け入れ基準にしないもの", HeadingKind.OTHER),
    ("非验收标准", HeadingKind.OTHER),
    ("Known Acceptance Gaps", HeadingKind.OTHER),
    ("Evidence (of the last run)", HeadingKind.OTHER),
    ("前置条件", HeadingKind.OTHER),
]

# The languages of the world's Gherkin files: a name for each of must, should, could, the criteria and the done list.
LANGUAGES = {
    "de": ("Muss", "Soll-Kriterien", "KANN", "Akzeptanzkriterien", "Definition von fertig"),
    "fr": ("Doit avoir", "Devrait avoir", "Pourrait avoir", "Critères d’acceptation", "Définition de terminé"),
    "es": ("Debe tener", "Debería tener", "Podría tener", "Criterios de aceptación", "Definición de hecho"),
    "pt": ("Deve ter", "Deveria ter", "Poderia ter", "Critérios de aceitação", "Definição de pronto"),
    "it": ("Deve avere", "Dovrebbe avere", "Potrebbe avere", "Criteri di accettazione", "Definizione di fatto"),
    "nl": ("Moet hebben", "Zou moeten hebben", "Kan hebben", "Acceptatiecriteria", "Definitie van klaar"),
    "pl": ("Musi mieć", "Powinien mieć", "Może mieć", "Kryteria akceptacji", "Definicja ukończenia"),
    "ru": ("Обязательно", "Следует", "Хорошо бы", "Критерии приёмки", "Определение готовности"),
    "zh": ("必须有", "应该有", "可以有", "验收标准", "完成的定义"),
    "ja": ("必須", "推奨", "あると良い", "受け入れ基準", "完了の定義"),
    "ko": ("필수", "권장", "있으면 좋음", "인수 기준", "완료의 정의"),
}

ANNOUNCE_NOTHING = [
    "",
    "✅",
    "Existing Tests (Must Pass)",
    "Must Complete Before Release",
    "Musts and shoulds of design",
    "What must be true",
    "Should show",
    "Step 5: Billing (Nice-to-have)",
    "User Story vs Acceptance Criteria",
    "Missing Acceptance Criteria",
    "Done",
    "Part of Success Criteria",
    "Acceptance Criteria with IDs",
    "Task Definition of Done (TASK-DOD)",
    "Verification Plan (Definition of Done)",
    "Must-haves of the trade",
    "Notes and Decisions",
    "Features should only have milestones",
    "Musik",
    "可以看到",
    "All-purpose tools",
]


@pytest.mark.parametrize(("heading", "kind"), ANNOUNCE)
def test_a_heading_announces_what_the_table_says(heading: str, kind: HeadingKind) -> None:
    assert classify_heading(heading) == kind


@pytest.mark.parametrize("heading", ANNOUNCE_NOTHING)
def test_a_heading_of_another_name_announces_nothing(heading: str) -> None:
    assert classify_heading(heading) is None


@pytest.mark.parametrize("names", LANGUAGES.values(), ids=LANGUAGES)
def test_headings_are_read_in_the_languages_of_gherkin(names: tuple[str, ...]) -> None:
    expected = [HeadingKind.MUST, HeadingKind.SHOULD, HeadingKind.COULD, HeadingKind.CRITERIA, HeadingKind.DONE]
    assert [classify_heading(name) for name in names] == expected
    assert [classify_heading(f"2.1 ✅ {name.upper()} (P0):") for name in names] == expected


@pytest.mark.parametrize("heading", ["Showstopper", "## 3. SHOWSTOPPERS!", "Showstoppers (P0)", "Must / Gate"])
def test_a_project_adds_names_of_its_own(heading: str) -> None:
    vocabulary = build_vocabulary({"must": ("Showstopper", "showstoppers", "must / gate")})
    assert classify_heading(heading, vocabulary) == HeadingKind.MUST


def test_a_name_of_a_project_wins_over_one_of_ours() -> None:
    vocabulary = build_vocabulary({"leave-out": ("Nice to have",), "should": ("Could have",)})
    assert (
        classify_heading("Nice-to-have", vocabulary),
        classify_heading("Could have", vocabulary),
    ) == (HeadingKind.LEFT_OUT, HeadingKind.SHOULD)
    assert classify_heading("Nice-to-have") == HeadingKind.COULD


def test_a_vocabulary_is_the_same_in_whatever_order_its_names_come() -> None:
    first, second = {"must": ("A",), "done": ("B",)}, {"done": ("B",), "must": ("A",)}
    assert build_vocabulary(first) == build_vocabulary(second)
