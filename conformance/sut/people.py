"""The people at the SUT: open questions, who may answer them, and the file in which both are kept as they come.

``prompts.jsonl`` in the run folder gets one line for each question when it is opened and one for each answer, so that
a run whose harness was killed goes on without asking again what was answered.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from conformance.sut.prompts import Answer, Answers, Prompt
from simulator.clock import Clock
from simulator.words import Text

__all__ = ["FILE", "Kept", "People", "kept"]

FILE = "prompts.jsonl"

Kept = dict[str, list[Answer]]
"""Answers of an earlier process that no act has used yet: key + digest -> in order."""


class People:
    """``present``: whether anybody may be asked at all; ``patience``: seconds without any answer after which open
    questions are given up; ``earlier``: answers from before a restart."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock,
        patience: float,
        present: bool,
        answers: Answers | None = None,
        earlier: Kept | None = None,
    ) -> None:
        self.present = present
        self.open: dict[int, Prompt] = {}
        self.changed: Callable[[], None] = lambda: None
        self._path = folder / FILE
        self._clock = clock
        self._patience = patience
        self._answers = answers
        self._earlier = earlier or {}
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._count = 0
        self._heard = time.monotonic()
        self._ever_heard = False
        self._given_up = False

    async def ask(self, prompt: Prompt) -> Answer | Text:
        """The answer, or why there is none: said at once where nobody can be asked."""
        if before := self._earlier.get(_slot(prompt.key, prompt.digest)):
            return before.pop(0)
        if self._answers is not None and (given := self._answers.to(prompt)) is not None:
            if fault := prompt.fault(given):
                return _UNUSABLE.filled(key=prompt.key, origin=self._answers.origin, why=fault.en)
            self._write_prompt(prompt)
            self._write_answer(prompt, given)
            return given
        if not self.present:
            where = self._answers.origin if self._answers else "--no-input"
            return _MISSING.filled(key=prompt.key, where=where)
        return await self._ask(prompt)

    async def _ask(self, prompt: Prompt) -> Answer | Text:
        self._count += 1
        number = self._count
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        if not self.open:
            self._heard = time.monotonic()
        self.open[number], self._waiting[number] = prompt, future
        self._write_prompt(prompt)
        self.changed()
        try:
            while True:
                left = self._heard + self._patience - time.monotonic()
                if self._given_up and not self._ever_heard:
                    left = 0.0
                done, _ = await asyncio.wait({future}, timeout=max(left, 0.0))
                if done:
                    return future.result()
                if self._given_up or time.monotonic() - self._heard >= self._patience:
                    # Nobody ever answered: the rest of the run does not wait for the same silence again.
                    self._given_up = not self._ever_heard
                    return _SILENT.filled(key=prompt.key, seconds=self._patience)
        finally:
            self.open.pop(number, None)
            self._waiting.pop(number, None)
            self.changed()

    def answer(self, number: int, answer: Answer) -> Text | None:
        """Answer an open question; why not, or None. Kept before it counts."""
        prompt, future = self.open.get(number), self._waiting.get(number)
        if prompt is None or future is None or future.done():
            return _GONE
        if fault := prompt.fault(answer):
            return fault
        self._write_answer(prompt, answer)
        self._heard, self._ever_heard, self._given_up = time.monotonic(), True, False
        future.set_result(answer)
        self.open.pop(number, None)
        self.changed()
        return None

    def _write_prompt(self, prompt: Prompt) -> None:
        row = {
            "record": "prompt", "key": prompt.key, "digest": prompt.digest, "case": prompt.case, "call": prompt.call,
            "title": prompt.title._asdict(),
            "values": [{"name": name._asdict(), "value": value} for name, value in prompt.values],
        }  # fmt: skip
        self._write(row)

    def _write_answer(self, prompt: Prompt, answer: Answer) -> None:
        row = {"record": "answer", "key": prompt.key, "digest": prompt.digest}
        self._write({**row, "how": answer.how, "value": answer.value, "by": answer.by})

    def _write(self, row: Mapping[str, Any]) -> None:
        at = self._clock.now().isoformat(timespec="milliseconds")
        with self._path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps({**row, "at": at}, ensure_ascii=False, separators=(",", ":")) + "\n")


def kept(folder: Path, used: Iterable[str]) -> Kept:
    """The answers of an earlier process. ``used``: the keys of the acts that the evidence already holds."""
    spent = Counter(used)
    found: Kept = {}
    path = folder / FILE
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            row = json.loads(line)
        except ValueError:
            continue  # the line that was being written when the harness ended
        if row.get("record") != "answer":
            continue
        if spent[row["key"]]:
            spent[row["key"]] -= 1
            continue
        found.setdefault(_slot(row["key"], row["digest"]), []).append(Answer(row["how"], row["value"], row["by"]))
    return found


def _slot(key: str, digest: str) -> str:
    return f"{key} {digest}"


_MISSING = Text(
    en="nobody can be asked, and {where} holds no answer for '{key}'",
    vi="không có ai để hỏi và {where} không có câu trả lời cho '{key}'",
)
_UNUSABLE = Text(
    en="the answer for '{key}' in {origin} cannot be used: {why}",
    vi="câu trả lời cho '{key}' trong {origin} không dùng được: {why}",
)
_SILENT = Text(
    en="nobody answered '{key}' within {seconds:.0f} s", vi="không ai trả lời '{key}' trong {seconds:.0f} giây"
)
_GONE = Text(en="this question is no longer open", vi="câu hỏi này không còn mở")
