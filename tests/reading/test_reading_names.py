"""Headings that mean something to a spec, and headings that only look like it."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.headings.classifier import Known, find_known
from spec2bdd.domain.specs.vocabulary.rules import derive_rules

ANNOUNCE = [
    ("Must Have", Known.MUST),
    ("must have", Known.MUST),
    ("MUST HAVE:", Known.MUST),
    ("Must-have", Known.MUST),
    ("Must Haves", Known.MUST),
    ("Must Have (P0)", Known.MUST),
    ("Must Have Features", Known.MUST),
    ("Must-Have (All Achieved ✅)", Known.MUST),
    ("Must-have - DONE", Known.MUST),
    ("Must Have — blocking", Known.MUST),
    ("🔴 Must Have", Known.MUST),
    ("P0 - Must have", Known.MUST),
    ("High Priority (Must Have)", Known.MUST),
    ("1. Must Have", Known.MUST),
    ("Must", Known.MUST),
    ("Acceptance Criteria (Must Have)", Known.MUST),
    ("Should-Have (Enhanced)", Known.SHOULD),
    ("Should Have (Nice to Have)", Known.SHOULD),
    ("Could Have (Future Enhancements)", Known.COULD),
    ("Nice-to-have", Known.COULD),
    ("Nice to Have (v0.7.0+)", Known.COULD),
    ("Won't Have (This Phase)", Known.WONT),
    ("Won’t have", Known.WONT),
    ("Wont Have", Known.WONT),
    ("Acceptance Criteria", Known.CRITERIA),
    ("4.2 Acceptance criteria:", Known.CRITERIA),
    ("✅ Acceptance Criteria", Known.CRITERIA),
    ("Acceptance Criteria Checklist", Known.CRITERIA),
    ("Success Criteria (mandatory)", Known.CRITERIA),
    ("Definition of Done", Known.DONE),
    ("Definition of Done (DoD)", Known.DONE),
    ("Purpose", Known.PURPOSE),
    ("P0 - Must ship", Known.MUST),
    ("Must achieve:", Known.MUST),
    ("Must Pass", Known.MUST),
    ("Must Pass Before Release", Known.MUST),
    ("Must Have Before Implementation", Known.MUST),
    ("Must-Have (P0) ✅ ALL ACHIEVED:", Known.MUST),
    ("Functional Requirements (Must Have)", Known.MUST),
    ("Success Criteria for Phase 4", Known.CRITERIA),
    ("Updated Acceptance Criteria", Known.CRITERIA),
    ("Tier 1 Success Criteria (1 week validation)", Known.CRITERIA),
    ("Functional Requirements", Known.REQUIREMENTS),
    ("Open Questions", Known.OTHER),
    ("✅ Implementation Tasks", Known.OTHER),
    ("Out of Scope (This Increment)", Known.OTHER),
    ("Success Criteria Assessment", Known.OTHER),
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

SAY_NOTHING = [
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
    "Completion Criteria",
    "Done",
    "Demo Success Criteria",
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


@pytest.mark.parametrize(("heading", "known"), ANNOUNCE)
def test_a_heading_announces_what_the_table_says(heading: str, known: Known) -> None:
    assert known == find_known(heading)


@pytest.mark.parametrize("heading", SAY_NOTHING)
def test_a_heading_of_another_name_says_nothing(heading: str) -> None:
    assert find_known(heading) is None


@pytest.mark.parametrize("names", LANGUAGES.values(), ids=LANGUAGES)
def test_headings_are_read_in_the_languages_of_gherkin(names: tuple[str, ...]) -> None:
    expected = [Known.MUST, Known.SHOULD, Known.COULD, Known.CRITERIA, Known.DONE]
    assert expected == [find_known(name) for name in names]
    assert expected == [find_known(f"2.1 ✅ {name.upper()} (P0):") for name in names]


@pytest.mark.parametrize("heading", ["Showstopper", "## 3. SHOWSTOPPERS!", "Showstoppers (P0)", "Must / Gate"])
def test_a_project_adds_names_of_its_own(heading: str) -> None:
    rules = derive_rules({"must": ("Showstopper", "showstoppers", "must / gate")})
    assert Known.MUST == find_known(heading, rules)


def test_a_name_of_a_project_wins_over_one_of_ours() -> None:
    rules = derive_rules({"leave-out": ("Nice to have",), "should": ("Could have",)})
    assert (Known.LEFT_OUT, Known.SHOULD) == (find_known("Nice-to-have", rules), find_known("Could have", rules))
    assert Known.COULD == find_known("Nice-to-have")


def test_rules_are_the_same_in_whatever_order_their_names_come() -> None:
    one, two = {"must": ("A",), "done": ("B",)}, {"done": ("B",), "must": ("A",)}
    assert derive_rules(one) == derive_rules(two)
