"""`docsearch explain FOLDER WORDS`: why results stand where they stand, measured from the models.

In: a folder, a question, and what of its answer is to be explained. Out: the explanation on
standard output, or a case file; progress and notices on standard error.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from docsearch.cli.options import (
    SEARCHING,
    SettingsCommand,
    configuration,
    folder_argument,
    setting_flags,
)
from docsearch.domain.errors import UsageError
from docsearch.domain.safe_text import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsearch.cli.explanation_progress import Tell
    from docsearch.domain.explanation import Inspection
    from docsearch.domain.ranking import RankedHit, SearchResult
    from docsearch.domain.settings import Settings
    from docsearch.engine.engine import Engine


@click.command("explain", cls=SettingsCommand, short_help="Measure why results rank where they do.")
@folder_argument
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--result",
    "number",
    metavar="RANK",
    type=click.IntRange(1),
    help="Explain the result at this rank. [default: 1]",
)
@click.option(
    "--versus", metavar="RANK", type=click.IntRange(1), help="Why is --result above this one?"
)
@click.option("--against", metavar="RERANKER", help="Compare with this reranker.")
@click.option("--list", "whole_list", is_flag=True, help="Explain the whole list.")
@click.option("--target", metavar="FILE[:LINE]", help="At which stage was this passage lost?")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--save",
    "cases",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Save the answer with its explanation: FILE.json for `replay`, FILE.html to read; with "
    "--list, the slope graph as FILE.svg.",
)
@click.option(
    "--with-text",
    is_flag=True,
    help="Save the passages' text as well; without it, no text of a document is saved.",
)
@click.option("--force", is_flag=True, help="Overwrite FILE.")
@click.option("--no-index", is_flag=True, help="Skip updating the index.")
@setting_flags(*SEARCHING)
@click.pass_context
def command(
    ctx: click.Context,
    folder: Path,
    words: tuple[str, ...],
    *,
    number: int | None,
    versus: int | None,
    against: str | None,
    whole_list: bool,
    target: str | None,
    as_json: bool,
    cases: tuple[Path, ...],
    with_text: bool,
    force: bool,
    no_index: bool,
) -> None:
    """Measure why results rank where they do, from the models that ran. No LLM is involved.

    For one result: which sentences and words its score depends on, for the reranker and for the
    bi-encoder; whether those highlights can be trusted; what was read; how the score compares
    with its neighbours' and with random passages'.

    --against compares two rerankers on one result. --versus finds the words without which one
    result would not be above the other. --list compares the two orders: how they differ, how many
    candidates were needed, what they missed. --target finds the stage at which a passage was
    lost; its FILE is looked up in FOLDER, then in the current directory.
    """
    from docsearch.cases.case_file import write_picture
    from docsearch.cli.opened import bring_up_to_date, opened

    _require_one_question(number, versus, against, target, whole_list=whole_list)
    of_one = target is None and versus is None and against is None and not whole_list
    if whole_list and not with_text:
        _require_pictures(cases, force=force)
    else:
        _require_places(cases, of_one=of_one, with_text=with_text, force=force)
    settings = configuration(ctx).settings
    typed = " ".join(words)
    with opened(folder, settings, update=not no_index) as engine:
        if not no_index:
            bring_up_to_date(engine)
        if target is not None:
            _explain_target(engine, typed, settings, target, as_json=as_json)
            return
        result = _searched(engine, typed, settings)
        if not result.hits:
            click.echo("Nothing found.", err=True)
            return
        if whole_list:
            _explain_list(engine, result, as_json=as_json)
            write_picture(cases, result, force=force)
        elif versus is not None:
            _explain_pair(engine, result, (number or 1, versus), as_json=as_json)
        else:
            inspection = _explain_hit(engine, result, number or 1, against, as_json=as_json)
            if cases:
                keep = engine.cases.save
                keep(cases, result, inspection, with_text=with_text, force=force)
        for file in cases:
            click.echo(f"saved to {file}", err=True)


def _require_one_question(
    number: int | None,
    versus: int | None,
    against: str | None,
    target: str | None,
    *,
    whole_list: bool,
) -> None:
    of_result = any(each is not None for each in (number, versus, against))
    if sum((of_result, target is not None, whole_list)) > 1:
        raise UsageError(
            "Ask for one thing: --result (with --versus or --against), --list or --target."
        )
    if versus is not None and against is not None:
        raise UsageError("--versus is about two results, --against about one; ask for one of them.")
    if versus is not None and versus == (number or 1):
        raise UsageError(f"--versus {versus} is the result itself; name another one.")


def _require_places(cases: tuple[Path, ...], *, of_one: bool, with_text: bool, force: bool) -> None:
    """Refuse before anything is measured what could not be written afterwards."""
    from docsearch.cases.case_file import require_place

    if cases and not of_one:
        raise UsageError(
            "--save saves the explanation of one result (--result), or with --list the slope graph "
            "as FILE.svg. It doesn't work with --versus, --against or --target."
        )
    if not cases and (with_text or force):
        raise UsageError("--with-text and --force are for the FILE of --save.")
    for case in cases:
        require_place(case, force=force)


def _require_pictures(files: tuple[Path, ...], *, force: bool) -> None:
    from docsearch.cases.case_file import require_picture

    if not files and force:
        raise UsageError("--force is for the FILE of --save.")
    for file in files:
        require_picture(file, force=force)


def _searched(engine: Engine, typed: str, settings: Settings) -> SearchResult:
    from docsearch.cli.search_notices import tell_notices

    *_, last = engine.search(typed, settings.source, settings.reranker_name)
    tell_notices(last.result, settings)
    return last.result


def _explain_target(
    engine: Engine, typed: str, settings: Settings, target: str, *, as_json: bool
) -> None:
    from docsearch.cli.explanation_text import whereabouts_lines
    from docsearch.cli.lines import print_lines, width
    from docsearch.presentation.as_data import whereabouts_as_data

    asked = (typed, settings.source, settings.reranker_name, target)
    found = engine.inspector.whereabouts(*asked)
    if as_json:
        _print_json({"whereabouts": whereabouts_as_data(found)})
    else:
        print_lines(whereabouts_lines(found, width()))


def _explain_hit(
    engine: Engine, result: SearchResult, number: int, against: str | None, *, as_json: bool
) -> Inspection:
    from docsearch.cli.explanation_progress import shown_work
    from docsearch.cli.explanation_text import against_lines, inspection_lines
    from docsearch.cli.lines import print_lines, width
    from docsearch.explain.liked import liked
    from docsearch.presentation.as_data import against_as_data, inspection_as_data

    hit, second = _hit(result, number), None
    # What cannot be set against it is refused before anything is measured.
    under = engine.inspector.under(result, hit, against) if against is not None else None
    with shown_work() as tell:
        inspection = _inspected(engine.inspector.inspect(result, hit), tell)
        if under is not None:
            second = _inspected(under, tell, f" under {safe_line(against or '')}")
    if as_json:
        data = _about_list(engine, result) | {"inspection": inspection_as_data(inspection)}
        if second is not None:
            data["against"] = against_as_data(second, liked(inspection, second))
        _print_json(data)
        return inspection
    print_lines(inspection_lines(number, inspection, width()))
    if second is not None:
        print_lines(against_lines(inspection, second, width()))
    return inspection


def _inspected(growing: Iterator[Inspection], tell: Tell, whose: str = "") -> Inspection:
    for known in growing:
        if known.doing is None:
            return known
        tell(f"measuring: {known.doing}{whose}", known.done)
    raise AssertionError("an inspection ends with nothing left to do")


def _explain_pair(
    engine: Engine, result: SearchResult, numbers: tuple[int, int], *, as_json: bool
) -> None:
    from docsearch.cli.explanation_progress import shown_work
    from docsearch.cli.explanation_text import comparison_lines
    from docsearch.cli.lines import print_lines, width
    from docsearch.presentation.as_data import contrast_as_data

    above, below = (_hit(result, each) for each in sorted(numbers))
    with shown_work() as tell:
        tell("looking for the words that decide", 0.0)
        for contrast in engine.inspector.contrasting(result, above, below):
            tell("looking for the words that decide", contrast.done)
    if as_json:
        _print_json(_about_list(engine, result) | {"contrast": contrast_as_data(contrast)})
    else:
        print_lines(comparison_lines(contrast, result, width()))


def _explain_list(engine: Engine, result: SearchResult, *, as_json: bool) -> None:
    from docsearch.cli.explanation_progress import shown_work
    from docsearch.cli.explanation_text import Found, list_lines
    from docsearch.cli.lines import print_lines, width
    from docsearch.presentation.as_data import hit_as_data

    found: Found = (0, 0, ())
    with shown_work() as tell:
        for found in engine.inspector.missed(result):
            read, total, _ = found
            tell("reading on beyond the candidates", read / total if total else 1.0)
        tell("half precision", 1.0)
        noise = engine.inspector.noise(result)
    read, total, missed = found
    if as_json:
        beyond = {"read": read, "total": total, "hits": [hit_as_data(each.hit) for each in missed]}
        in_moves = noise and {"jitter": noise.jitter, "moves": sorted(noise.moves)}
        _print_json(_about_list(engine, result) | {"noise": in_moves, "missed": beyond})
        return
    movement, depth = engine.inspector.movement(result), engine.inspector.depth(result)
    print_lines(list_lines(result, movement, noise, depth, found, width()))


def _hit(result: SearchResult, number: int) -> RankedHit:
    if number > len(result.hits):
        raise UsageError(f"There is no result {number}; there are {len(result.hits)}.")
    return result.hits[number - 1]


def _about_list(engine: Engine, result: SearchResult) -> dict[str, Any]:
    from docsearch.presentation.as_data import depth_as_data, movement_as_data, result_as_data

    movement = engine.inspector.movement(result)
    return {
        "result": result_as_data(result),
        "movement": movement and movement_as_data(movement),
        "depth": depth_as_data(engine.inspector.depth(result)),
    }


def _print_json(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, indent=2))
