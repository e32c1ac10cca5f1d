from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from docsearch.domain.document import SourceFile
from docsearch.ingest.compare import Changes, Move, compare


def source(path: str, inode: int, modified_ns: int = 0) -> SourceFile:
    return SourceFile(path, 10, modified_ns, (1, inode))


def by_path(*sources: SourceFile) -> dict[str, SourceFile]:
    return {each.path: each for each in sources}


A, B, C = source("a", 1), source("b", 2), source("c", 3)


def test_nothing_has_changed() -> None:
    assert compare([A, B], by_path(A, B)) == Changes((), (), (), ())


def test_new_changed_and_gone() -> None:
    edited = replace(B, modified_ns=5)
    assert compare([A, edited], by_path(B, C)) == Changes((A,), (edited,), (), ("c",))


def test_an_atomic_replace_is_a_change() -> None:
    replaced = source("a", 9, 5)
    assert compare([replaced], by_path(A)).changed == (replaced,)


def test_a_rename_is_a_move() -> None:
    renamed = replace(A, path="z")
    assert compare([renamed], by_path(A)) == Changes((), (), (Move("a", renamed),), ())


def test_what_looks_like_a_rename_is_one_if_that_is_confirmed() -> None:
    renamed = replace(A, path="z")
    noted = replace(renamed, changed_ns=7)
    asked: list[tuple[str, SourceFile]] = []

    def refuse(origin: str, source: SourceFile) -> None:
        asked.append((origin, source))

    assert compare([renamed], by_path(A), refuse) == Changes((renamed,), (), (), ("a",))
    assert compare([renamed], by_path(A), lambda *_: noted).moved == (Move("a", noted),)
    assert asked == [("a", renamed)]


def test_a_name_that_may_make_something_else_of_the_bytes_is_read_again() -> None:
    assert not Move("a/x.md", replace(A, path="b/c/x.md")).is_read_again()
    assert Move("a/x.md", replace(A, path="a/x.txt")).is_read_again()
    assert Move("Dockerfile", replace(A, path="x")).is_read_again()
    assert Move("old.md", replace(A, path="new.md")).is_read_again()


def test_another_time_of_change_alone_is_a_change_of_the_file_itself() -> None:
    touched = replace(A, changed_ns=5)
    assert compare([touched], by_path(A)) == Changes((), (touched,), (), ())
    linked = replace(touched, path="z")
    assert compare([touched, linked], by_path(A)) == Changes((linked,), (touched,), (), ())


def test_a_rename_with_an_edit_is_no_move() -> None:
    edited = replace(A, path="z", modified_ns=7)
    assert compare([edited], by_path(A)) == Changes((edited,), (), (), ("a",))


def test_a_second_name_of_the_same_file_is_new() -> None:
    linked = replace(A, path="z")
    assert compare([A, linked], by_path(A)) == Changes((linked,), (), (), ())


def test_a_rename_onto_a_known_file_replaces_it() -> None:
    assert compare([replace(A, path="b")], by_path(A, B)).gone == ()


def test_a_chain_of_renames_frees_each_name_before_it_is_taken() -> None:
    found = [replace(A, path="b"), replace(B, path="c")]
    assert [move.origin for move in compare(found, by_path(A, B, C)).moved] == ["b", "a"]


def test_a_circle_is_broken_by_reading_one_file() -> None:
    found = [replace(A, path="b"), replace(B, path="a")]
    changes = compare(found, by_path(A, B))
    assert len(changes.moved) == 1
    assert len(changes.new) == 1


@settings(deadline=None)
@given(
    st.permutations(range(6)),
    st.lists(st.booleans(), min_size=6, max_size=6),
    st.sets(st.integers(0, 5)),
)
def test_carrying_out_the_changes_gives_what_was_found(
    inodes: list[int], edited: list[bool], missing: set[int]
) -> None:
    known = by_path(*(source(f"f{n}", n) for n in range(6)))
    found = [
        source(f"f{n}", inode, 9 if edited[n] else 0)
        for n, inode in enumerate(inodes)
        if n not in missing
    ]
    changes = compare(found, known)
    index = dict(known)
    for move in changes.moved:
        # The entry that is moved is the one that was known, not one moved there meanwhile.
        assert index[move.origin] == known[move.origin]
        index[move.source.path] = replace(index.pop(move.origin), path=move.source.path)
        assert index[move.source.path] == move.source
    for path in changes.gone:
        index.pop(path, None)
    index.update(by_path(*changes.new, *changes.changed))
    assert index == by_path(*found)
