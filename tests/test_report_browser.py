"""The page of `report` in a real browser: what is shown, found and reached by keys, and that nothing else happens."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from page_documentation import (
    make_criterion,
    make_document,
    make_documentation,
    make_strength,
    with_hostile_texts,
    with_strengths,
)
from small_project import SPEC_PATH, write_basket
from spec_tool import NODE_MODULES

from spec2bdd.commands.reporting.serve import create_report_server
from spec2bdd.config import read_config
from spec2bdd.model import ChallengeOutcome, Strength, Tier, Verdict
from spec2bdd.model.explanation import CriterionLines
from spec2bdd.reporters.html.page import render_page

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
MISSING = [
    *([] if BROWSER else ["Chromium"]),
    *([] if shutil.which("node") else ["Node.js"]),
    *(name for name in ("playwright-core", "axe-core") if not (NODE_MODULES / name).exists()),
]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (see .ci/run)")

DRIVER = Path(__file__).parent / "browser" / "drive.mjs"


def look(page: Path, script: str, *, serving: str = "") -> Any:
    """Run a script with the page in a browser, and return its answer; nothing else may happen meanwhile.

    Only a page that is served may send requests, and these to its server.
    """
    command = ["node", str(DRIVER), str(NODE_MODULES), BROWSER, str(page), script]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    requests = [request for request in result["requests"] if not serving or not request.startswith(serving)]
    assert (result["console"], requests) == ([], [])
    return result["answer"]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a page with four specs."""
    passed, failed, pending = Verdict.PASSED, Verdict.FAILED, Verdict.PENDING
    documentation = make_documentation(
        make_document(
            "1_1", [make_criterion(1, passed, "A room is opened")], name="Rooms", status="Complete", done="x"
        ),
        make_document(
            "1_2",
            [
                make_criterion(1, passed, "Words are found", spec="1_2"),
                make_criterion(2, failed, "Case does not matter", spec="1_2", error="found []"),
                make_criterion(3, pending, "Letters are found", spec="1_2", tier=Tier.COULD),
            ],
            name="Search",
            owner="ben",
            done="x ",
        ),
        with_strengths(
            replace(
                make_document(
                    "1_3", [make_criterion(1, passed, "A copy is kept", spec="1_3")], name="Copies", status="Review"
                ),
                html="<h2>Why</h2><p>&lt;b&gt; Parcels get <em>lost</em> at sea.</p>"
                '<ul><li><span data-line="11"></span>A <em>copy</em> is kept</li></ul>',
            ),
            make_strength("ac_1_3_1", Strength.BLIND, (ChallengeOutcome.UNNOTICED, ["x < 1", "x <= 1"])),
            lines=CriterionLines({"chat/store.py": "3-8,12"}, {"given": {"chat/store.py": "3-8"}}, runs_product=False),
        ),
        make_document("1_10", [make_criterion(1, pending, "Letters are sent", spec="1_10")], name="Letters"),
        results={
            "ac_1_1_1": "ppp",
            "ac_1_2_1": "fpp",
            "ac_1_2_2": "ppf",
            "ac_1_2_3": "-oo",
            "ac_1_3_1": "ppp",
            "ac_1_10_1": "--o",
        },
    )
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render_page(documentation), encoding="utf-8")
    return path


SHOWN = 'await tools.texts(page, "#spec-table tbody th > a")'


def test_a_search_finds_specs_and_criteria_and_the_words_of_documents(page: Path) -> None:
    names, matches, status, of_sea, of_copy, selected, none, all_again = look(
        page,
        f"""
        const search = async (words, status) => {{
            await page.fill("#search", words);
            await page.waitForFunction((status) => document.querySelector("#shown").textContent === status, status);
        }};
        await search("letters", "2 of 4 specs, 2 criteria");
        const answer = [{SHOWN}, await tools.texts(page, ".matches a"), await page.innerText("#shown")];
        await search("sea LOST", "1 of 4 specs, 1 section");
        answer.push(await tools.texts(page, ".matches li"));
        // What a criterion says is not found a second time.
        await search("kept copy", "1 of 4 specs, 1 criterion");
        answer.push(await tools.texts(page, ".matches li"));
        await search("lost", "1 of 4 specs, 1 section");
        await page.click(".matches a");
        await page.waitForSelector(".markdown .selected");
        answer.push(await page.innerText(".selected"));
        await page.goBack();
        await page.fill("#search", "nothing like it");
        await page.waitForSelector("#nothing:visible");
        answer.push({SHOWN});
        await page.click("#clear");
        await page.waitForSelector("#spec-table:visible");
        return [...answer, ({SHOWN}).length];
        """,
    )
    assert names == ["1.2 Search", "1.10 Letters"]
    assert matches == ["Letters are found", "Letters are sent"]
    assert (status, none, all_again) == ("2 of 4 specs, 2 criteria", [], 4)
    assert (of_sea, of_copy) == (["§ Why <b> Parcels get lost at sea."], ["✓ A copy is kept"])
    assert selected == "<b> Parcels get lost at sea."


def test_filters_add_up(page: Path) -> None:
    failing, of_ben, pending_of_ana, shown, reset = look(
        page,
        f"""
        const filter = async (id, value, count) => {{
            await page.selectOption(id, value);
            await page.waitForFunction((count) => [...document.querySelectorAll("#spec-table tbody tr")]
                .filter((row) => !row.hidden).length === count, count);
            return {SHOWN};
        }};
        const answer = [await filter("#filter-state", "failed", 1)];
        await page.selectOption("#filter-state", "");
        answer.push(await filter("#filter-owner", "ben", 1));
        await page.selectOption("#filter-owner", "ana");
        answer.push(await filter("#filter-state", "pending", 1));
        await page.selectOption("#filter-owner", "");
        await page.waitForFunction(() => document.querySelector("#shown").textContent.startsWith("2"));
        answer.push(await page.innerText("#shown"));
        await page.click("#filters [type=reset]");
        await page.waitForFunction(() => document.querySelector("#shown").textContent === "4 specs");
        return [...answer, ({SHOWN}).length];
        """,
    )
    assert (failing, of_ben, pending_of_ana, reset) == (["1.2 Search"], ["1.2 Search"], ["1.10 Letters"], 4)
    # Numbers of the overview are those of the musts.
    assert shown == "2 of 4 specs, 2 criteria (musts: 1)"


def test_the_legend_and_the_groups_select_specs(page: Path) -> None:
    failing, focused, of_ben = look(
        page,
        f"""
        await page.click("[data-show=failed]");
        await page.waitForSelector(".matches:visible");
        const answer = [{SHOWN}, await page.evaluate(() => document.activeElement.id)];
        await page.click("[data-value=ben]");
        await page.waitForFunction(() => document.querySelector("#shown").textContent === "1 of 4 specs");
        return [...answer, {SHOWN}];
        """,
    )
    assert (failing, focused, of_ben) == (["1.2 Search"], "filter-state", ["1.2 Search"])


def test_blind_criteria_are_selected_and_show_each_fault_with_its_place(page: Path) -> None:
    blind, link, label, top, faults, is_open, lines, note = look(
        page,
        f"""
        await page.click("[data-show=blind]");
        await page.waitForSelector(".matches:visible");
        const answer = [{SHOWN}, await page.getAttribute(".matches a", "href")];
        // Of what is taller than the window, the beginning is shown.
        await page.setViewportSize({{ width: 1280, height: 300 }});
        await tools.visit(page, "#ac_1_3_1");
        return [...answer, await page.innerText(".selected .label"),
            (await page.locator(".criterion.selected").boundingBox()).y,
            await page.innerText(".faults"),
            await page.getAttribute(".faults", "open") !== null,
            await page.textContent(".lines"), await page.textContent("p:has(+ .lines)")];
        """,
    )
    assert (blind, link, is_open) == (["1.3 Copies"], "#ac_1_3_1", True)
    assert label.startswith("passed, blind")
    assert 0 <= top < 250
    assert " ".join(faults.split()) == (
        "Checks: blind: because Its steps would pass whatever the product does: no step noticed any of these changes "
        "to it. chat/store.py:1 unnoticed - x < 1 + x <= 1"
    )
    assert lines == "Lines of 1 file that it runschat/store.py 3-8, 12 (Given 3-8)"
    assert note == "Lines: its When and Then steps run no line of the product"


def test_headers_sort_the_list_and_say_so(page: Path) -> None:
    by_name, descending, sorts, by_required = look(
        page,
        f"""
        const sort = async (name) => {{ await page.click(`th[data-sort=${{name}}] button`); return {SHOWN}; }};
        return [await sort("name"), await sort("name"),
            await page.$$eval("th[aria-sort]", (headers) => headers.map((header) => header.getAttribute("aria-sort"))),
            await sort("required")];
        """,
    )
    # Numbers are numbers: 1.10 comes after 1.3.
    assert by_name == ["1.1 Rooms", "1.2 Search", "1.3 Copies", "1.10 Letters"]
    assert descending == by_name[::-1]
    assert sorts == ["descending", "none", "none", "none", "none"]
    assert by_required[0] == "1.10 Letters"


def test_a_link_to_a_criterion_opens_its_spec_with_the_proof(page: Path) -> None:
    title, selected, proof, focused = look(
        page,
        """
        await tools.visit(page, "#ac_1_2_2");
        return [await page.title(), await page.getAttribute(".criterion.selected", "id"),
            await page.innerText("#proof-ac_1_2_2"), await page.evaluate(() => document.activeElement.className)];
        """,
    )
    assert (title, selected, focused) == ("1.2 Search · chat", "ac_1_2_2", "toggle")
    assert "Then Case does not matter" in proof
    assert "features/1_2.feature:7" in proof
    assert "found []" in proof


def test_a_spec_says_what_keeps_it_from_being_complete(page: Path) -> None:
    holds, tiers, back = look(
        page,
        """
        await tools.visit(page, "#spec_1_2");
        const answer = [await tools.texts(page, ".holds li"), await tools.texts(page, ".side h2")];
        await page.click(".crumbs a");
        await page.waitForSelector("#specs:visible");
        return [...answer, await page.title()];
        """,
    )
    assert [" ".join(hold.split()) for hold in holds] == [
        "✗ Case does not matter failed",
        "? item 1 definition of done, not ticked",
    ]
    assert [" ".join(tier.split()) for tier in tiers] == ["must 1/2", "could 0/1"]
    assert back == "1 of 4 specs is complete · chat"


def test_everything_can_be_reached_by_keys(page: Path) -> None:
    opened, expanded, next_spec, overview, search, keys = look(
        page,
        """
        const answer = [];
        await page.keyboard.press("j");
        await page.keyboard.press("j");
        await page.keyboard.press("Enter");
        await page.waitForSelector("#spec-view h1");
        answer.push(await page.innerText("#spec-view h1"));
        await page.keyboard.press("j");
        await page.keyboard.press("Enter");
        answer.push(await page.$$eval("button.toggle", (all) => all.map((each) => each.getAttribute("aria-expanded"))));
        await page.keyboard.press("n");
        await page.waitForFunction(() => document.title.startsWith("1.3"));
        answer.push(await page.innerText("#spec-view h1"));
        await page.keyboard.press("u");
        await page.waitForSelector("#overview-view:visible");
        answer.push(await page.evaluate(() => document.activeElement.textContent.trim().split(/\\s+/).join(" ")));
        await page.keyboard.press("/");
        await page.waitForFunction(() => document.activeElement.id === "search");
        await page.keyboard.type("jk?");
        answer.push(await page.inputValue("#search"));
        await page.keyboard.press("Escape");
        await page.keyboard.press("?");
        answer.push(await page.isVisible("#help"));
        return answer;
        """,
    )
    # The failing criterion is open from the start.
    assert (opened, expanded) == ("1.2 Search", ["true", "true", "false"])
    # Back in the list, the focus is where the reader was; what is typed in a field is no command.
    assert (next_spec, overview, search, keys) == ("1.3 Copies", "1.3 Copies", "jk?", True)


def test_the_changes_are_those_since_the_run_that_is_chosen(page: Path) -> None:
    last, since_the_first = look(
        page,
        """
        const list = () => page.$$eval("#changes h3, #changes a", (all) => all.map((each) => each.textContent));
        const answer = [await list()];
        await page.selectOption("#since", "0");
        await page.waitForFunction(() => document.querySelector("#changes").textContent.includes("Words are found"));
        return [...answer, await list()];
        """,
    )
    assert last == ["1 got worse", "Case does not matter", "1 with a first result", "Letters are sent"]
    assert since_the_first == [
        *("1 got worse", "Case does not matter", "1 fixed", "Words are found"),
        *("2 with a first result", "Letters are found", "Letters are sent"),
    ]


def test_it_is_dark_where_the_system_is_and_a_button_changes_that(page: Path) -> None:
    light, dark, chosen = look(
        page,
        """
        const color = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const answer = [await color()];
        await page.emulateMedia({ colorScheme: "dark" });
        answer.push(await color());
        await page.click("#theme");
        return [...answer, await color()];
        """,
    )
    assert light == chosen == "rgb(250, 249, 246)"
    assert dark == "rgb(19, 21, 24)"


def test_a_printed_page_shows_all_proofs_and_lists_and_no_controls(page: Path) -> None:
    lists, size, hidden, shown = look(
        page,
        """
        const lists = await page.evaluate(() => {
            const isClosed = () => document.querySelectorAll(".hold:not([open])").length;
            const before = isClosed();
            dispatchEvent(new Event("beforeprint"));
            const printed = isClosed();
            dispatchEvent(new Event("afterprint"));
            return [before > 0, printed, isClosed() === before];
        });
        await tools.visit(page, "#spec_1_2");
        const pdf = await page.pdf({ format: "A4" });
        await page.emulateMedia({ media: "print" });
        await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
        return [lists, pdf.length, await page.isVisible(".top"), (await tools.texts(page, ".proof")).length];
        """,
    )
    assert size > 10_000
    assert (lists, hidden, shown) == ([True, 0, True], False, 3)


def test_it_fits_a_phone(page: Path) -> None:
    widths = look(
        page,
        """
        const phone = await tools.open({ viewport: { width: 360, height: 740 }, isMobile: true });
        const widths = [];
        for (const anchor of ["", "#spec_1_2", "#ac_1_2_2"]) {
            await tools.visit(phone, anchor);
            widths.push(await phone.evaluate(() => document.documentElement.scrollWidth));
        }
        return widths;
        """,
    )
    assert widths == [360, 360, 360]


def test_it_has_no_barrier_that_axe_finds(page: Path) -> None:
    assert look(page, 'return await tools.findAccessibilityProblems(["", "#spec_1_2", "#ac_1_3_1"]);') == []


def test_without_scripts_the_overview_and_the_list_are_complete(page: Path) -> None:
    names, notice, filters = look(
        page,
        """
        const plain = await tools.open({ javaScriptEnabled: false });
        await plain.goto(tools.url);
        return [await tools.texts(plain, "#spec-table tbody th > a"), await plain.isVisible(".notice"),
            await plain.isVisible("#filters")];
        """,
    )
    assert names == ["1.1 Rooms", "1.2 Search", "1.3 Copies", "1.10 Letters"]
    assert (notice, filters) == (True, False)


def test_a_served_page_is_shown_again_when_the_project_has_changed(page: Path, tmp_path: Path) -> None:
    spec = json.dumps(str(write_basket(tmp_path) / SPEC_PATH))
    config = read_config(tmp_path)
    server = create_report_server(config, lambda documentation: render_page(documentation, live=True), port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        place, name = look(
            page,
            f"""
            const {{ readFileSync, writeFileSync }} = await import("node:fs");
            const live = await tools.open();
            await live.goto("{server.url}#spec_3_10");
            await live.waitForSelector("#spec-view h1");
            writeFileSync({spec}, readFileSync({spec}, "utf8").replace("name: Shop basket", "name: Trolley"));
            await live.waitForFunction(() => document.querySelector("#spec-view h1")?.textContent.includes("Trolley"));
            return [live.url(), await live.innerText("#spec-view h1")];
            """,
            serving=server.url,
        )
    finally:
        server.stop()
        thread.join()
    assert (f"{server.url}#spec_3_10", "3.10 Trolley") == (place, name)


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7 * 7 }} \x1b[31m \u202e \" ' `"


def test_a_hostile_text_is_shown_as_text_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(render_page(with_hostile_texts(HOSTILE)), encoding="utf-8")
    images, scripts, heading = look(
        path,
        """
        await tools.visit(page, "#ac_1_1_1");
        await page.keyboard.press("e");
        return [await page.locator("img").count(), await page.locator("#spec-view script").count(),
            await page.innerText("#spec-view h1")];
        """,
    )
    assert (images, scripts) == (0, 0)
    assert heading == "1.1 " + HOSTILE.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")
