"""How people are asked in a run: from the flags of the call to the driver that asks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from conformance.evidence import CaseEvidence
from conformance.sut.driver import Driver
from conformance.sut.manual import Find, ManualDriver
from conformance.sut.page import Page
from conformance.sut.people import People, kept
from conformance.sut.prompts import Answers
from conformance.sut.terminal import Terminal
from simulator.clock import Clock
from simulator.words import Lang

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.config import Config

__all__ = ["Asking"]


class _Memory(Protocol):
    def view(self, case: str) -> CaseEvidence:
        """What was recorded of that case."""


class _Past(Protocol):
    @property
    def used(self) -> Iterable[str]:
        """The prompt keys of the acts that the evidence holds."""


@dataclass(frozen=True, slots=True)
class Asking:
    """``present``: somebody is there (not ``--no-input``); ``typing``: and types at this terminal; ``say``: told the
    address of the page."""

    lang: Lang
    present: bool
    typing: bool = False
    answers: Answers | None = None
    port: int = 0
    say: Callable[[str], None] = lambda url: None

    def driver(
        self, folder: "Path", inner: Driver, config: "Config", memory: _Memory, *, clock: Clock, past: _Past | None
    ) -> Driver:
        """The driver that asks for what ``inner`` does not offer."""
        people = People(
            folder,
            clock=clock,
            patience=config.timing.deadline_seconds,
            present=self.present,
            answers=self.answers,
            earlier=kept(folder, past.used) if past is not None else None,
        )
        return ManualDriver(
            people,
            lang=self.lang,
            inner=None if config.driver.kind == "manual" else inner,
            find=_finder(memory),
            seconds=config.timing.deadline_seconds,
            page=Page(people, lang=self.lang, port=self.port, say=self.say),
            terminal=Terminal(people, lang=self.lang) if self.typing else None,
            resumed=past is not None,
        )


def _finder(memory: _Memory) -> Find:
    """Recognises a document that a person sent by the number, else the subject, that it was to bear."""
    taken: set[str] = set()

    def find(case: str, order: Mapping[str, Any]) -> str:
        if order.get("kind") == "recall":
            return str(order.get("refers_to") or "")
        for seen in memory.view(case).documents_from_sut() if case else ():
            package = seen.package
            number = package.code.number.lstrip("0") if package.code else ""
            wanted = str(order.get("code_number") or "").lstrip("0")
            fits = number == wanted if wanted else package.subject == order.get("subject")
            if fits and package.document_id not in taken:
                taken.add(package.document_id)
                return package.document_id
        return ""

    return find
