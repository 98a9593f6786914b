"""``python -m loadtests.executor.targets``: our own axis without living agencies, with faults switched on.

What `axisproof serve --no-nodes` is, and the faults that a load run asked for: an axis that is wrong on purpose, so
that the oracle can be seen to find it.
"""

import asyncio
import json
import signal
from pathlib import Path

import click

from fixtures.topologies import load
from loadtests.executor.faulty import Wrong, parse
from simulator.world import World, WorldConfig

__all__ = ["main"]


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True)
@click.option("--topology", required=True)
@click.option("--seed", type=int, required=True)
@click.option("--ready-file", type=click.Path(path_type=Path), required=True)
@click.option("--fault", "faults", multiple=True)
def main(data: Path, topology: str, seed: int, ready_file: Path, faults: tuple[str, ...]) -> None:
    """Serve until SIGTERM."""
    from simulator.hub.serve import event_loop

    wrongs = [parse(fault) for fault in faults]
    with asyncio.Runner(loop_factory=event_loop) as runner:
        runner.run(_serve(WorldConfig(data, load(topology), seed=seed, living=False), ready_file, wrongs))


async def _serve(config: WorldConfig, ready_file: Path, wrongs: list[Wrong]) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with World(config) as world:
        for wrong in wrongs:
            await world.faults.begin(wrong.fault, **wrong.options)
        draft = ready_file.with_suffix(".draft")
        draft.write_text(json.dumps(world.ready(), ensure_ascii=False), "utf-8")
        draft.replace(ready_file)
        await stopped.wait()


if __name__ == "__main__":
    main()
