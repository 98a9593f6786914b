"""What a call of ``check`` asked for: its system, cases, folder, and whom to ask. Wrong wishes raise BadConfig."""

import contextlib
import secrets
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from conformance import config as configuration
from conformance import honest
from conformance.case import Case
from conformance.cases import CASES, chapters, named
from conformance.config import BadConfig, Config
from conformance.mutants import MUTANTS, UnknownMutant, by_id, facts_of
from conformance.nulls import NULLS, UnknownNull, null_named
from conformance.run import default_folder
from conformance.sentences import (
    ASKS_AT,
    NO_ANSWERS_NEEDED,
    NO_FOLDER,
    NO_SUCH_CASE,
    NO_SUCH_MUTANT,
    NO_SUCH_NULL,
    NO_SUCH_SUT,
    NOT_EMPTY,
    ONE_SUT,
)
from conformance.sut.asking import Asking
from conformance.sut.prompts import Answers
from simulator.words import Lang

__all__ = ["asking_for", "config_for", "folder_for", "selected", "with_flags"]


def config_for(sut_file: Path | None, sut: str | None) -> Config:
    """The configuration of that file, or of that bundled system. Raises BadConfig."""
    if (sut_file is None) == (sut is None):
        raise BadConfig(ONE_SUT)
    if sut_file is not None:
        return configuration.read(sut_file)
    kind, _, mutant = (sut or "").partition(":")
    if kind == "null":
        try:
            return configuration.null(null_named(mutant).null.id)
        except UnknownNull:
            names = ", ".join(each.null.id for each in NULLS)
            raise BadConfig(NO_SUCH_NULL.filled(word=mutant, names=names)) from None
    if kind != "reference":
        raise BadConfig(NO_SUCH_SUT.filled(word=sut))
    own = {each.id: each for each in map(honest.facts_of, honest.HONEST)}
    if mutant and mutant not in own:
        try:
            by_id(mutant)
        except UnknownMutant:
            names = ", ".join((*(facts_of(each).id for each in MUTANTS), *own))
            raise BadConfig(NO_SUCH_MUTANT.filled(word=mutant, names=names)) from None
    return configuration.told(configuration.reference(mutant), own[mutant].told if mutant in own else {})


def with_flags(config: Config, *, profile: str | None, topology: str | None, port: int | None) -> Config:
    """The same, with what the flags say."""
    hub = replace(config.hub, profile=profile or config.hub.profile, topology=topology or config.hub.topology)
    return configuration.listening(replace(config, hub=hub), port)


def asking_for(config: Config, answers: Path | None, *, present: bool, port: int, lang: Lang) -> Asking | None:
    """How people are asked; None for the bundled systems, which answer everything themselves."""
    if config.driver.kind == "reference":
        if answers is not None:
            raise BadConfig(NO_ANSWERS_NEEDED)
        return None
    return Asking(
        lang,
        present,
        typing=present and sys.stdin.isatty(),
        answers=Answers.read(answers) if answers else None,
        port=port,
        say=lambda url: click.echo(ASKS_AT.filled(url=url).in_(lang), err=True),
    )


def selected(only: Sequence[str]) -> tuple[Case, ...]:
    """The cases of these words, all without any. Raises BadConfig."""
    chosen: set[str] = set()
    for word in only:
        found = named(word)
        if not found:
            raise BadConfig(NO_SUCH_CASE.filled(word=word, chapters=", ".join(chapters())))
        chosen.update(case.id for case in found)
    return tuple(case for case in CASES if not only or case.id in chosen)


@contextlib.contextmanager
def folder_for(out: Path | None, config: Config) -> Iterator[Path]:
    """A new or empty folder for the run: made now, so that no other run takes it; what was made for it goes again where
    nothing came into it. Raises BadConfig."""
    folder = out or default_folder(config, datetime.now(UTC))
    if out is None and folder.exists():
        folder = folder.with_name(f"{folder.name}-{secrets.token_hex(2)}")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BadConfig(NOT_EMPTY.filled(folder=folder))
        made = [each for each in (folder, *folder.parents) if not each.exists()]
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfig(NO_FOLDER.filled(folder=folder, why=error.strerror)) from error
    try:
        yield folder
    finally:
        with contextlib.suppress(OSError):  # the first that is not empty
            for each in made:
                each.rmdir()
