"""Mixes what is to be heard: the `audios` of a project and its scenes, and the sound of VIDEO elements.

Reading, cutting, changing speed, volume and mixing are done by the filters of ffmpeg that PyAV carries. They
read files, so the sounds lie beside the growing film while it is made (Zvid docs, structure/audio).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av.filter import Graph
from av.filter.context import FilterContext

from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.film import Film, Kind, Visual, listed, number
from bot.sandbox.render.picture import Fetch

RATE = 44_100
_FORMAT = f"sample_fmts=fltp:channel_layouts=stereo:sample_rates={RATE}"
_FOREVER = 1e6  # seconds


@dataclass(frozen=True, slots=True)
class Sound:
    """A stretch of a file and where it lies on the film's clock, in seconds."""

    src: str
    start: float
    until: float
    begin: float
    end: float
    volume: float
    speed: float
    is_clip: bool  # of a VIDEO, which may well be silent


def sounds_of(project: Mapping[str, Any], film: Film) -> list[Sound]:
    """Everything with a source that is to be heard at all; what belongs to a scene ends with it."""
    raw_scenes = listed(project.get("scenes"))
    found: list[Sound | None] = [_audio(spec, 0.0, film.seconds) for spec in listed(project.get("audios"))]
    found += [_clip(visual, 0.0, film.seconds) for visual in film.overlays]
    for index, scene in enumerate(film.scenes):
        if raw_scenes:
            audios = listed(raw_scenes[index].get("audios"))
            found += [_audio(spec, scene.start, scene.start + scene.seconds) for spec in audios]
        found += [_clip(visual, scene.start, scene.start + scene.seconds) for visual in scene.visuals]
    return [
        sound for sound in found if sound and sound.src and sound.volume > 0 and sound.start < sound.until
    ]


def mixed(
    sounds: Sequence[Sound], seconds: float, fetch: Fetch, beside: Path
) -> Iterator[av.AudioFrame] | None:
    """The whole sound track, or None when nothing is heard. Files are put at `beside` with a number behind.

    Raises RenderError for a file that holds no sound.
    """
    files: dict[str, Path] = {}
    audible = []
    for sound in sounds:
        if sound.src not in files:
            files[sound.src] = beside.with_name(f"{beside.name}.{len(files)}")
            files[sound.src].write_bytes(fetch(sound.src))
        if _is_audible(files[sound.src], sound):
            audible.append((files[sound.src], sound))
    return _frames(audible, seconds) if audible else None


def _is_audible(file: Path, sound: Sound) -> bool:
    try:
        with av.open(str(file)) as container:
            if container.streams.audio:
                return True
    except av.FFmpegError as error:
        raise RenderError(f"This address does not hold a sound: {sound.src}") from error
    if sound.is_clip:
        return False
    raise RenderError(f"This address does not hold a sound: {sound.src}")


def _frames(audible: Sequence[tuple[Path, Sound]], seconds: float) -> Iterator[av.AudioFrame]:
    graph = Graph()
    mix = graph.add("amix", f"inputs={len(audible)}:normalize=0:duration=longest")
    for place, (file, sound) in enumerate(audible):
        _chained(graph, file, sound).link_to(mix, 0, place)
    tail = [mix, graph.add("apad"), graph.add("atrim", f"end={seconds:.4f}"), graph.add("aformat", _FORMAT)]
    tail.append(graph.add("abuffersink"))
    _link(tail)
    graph.configure()
    while True:
        try:
            frame = tail[-1].pull()
        except av.EOFError:
            return
        except av.FFmpegError as error:
            raise RenderError(f"The sound could not be mixed: {error}") from error
        if isinstance(frame, av.AudioFrame):
            yield frame


def _chained(graph: Graph, file: Path, sound: Sound) -> FilterContext:
    end = min(sound.end, _FOREVER)
    chain = [graph.add("amovie", filename=str(file)), graph.add("aresample", str(RATE))]
    chain += [graph.add("aformat", _FORMAT), graph.add("atrim", f"start={sound.begin:.4f}:end={end:.4f}")]
    chain.append(graph.add("asetpts", "PTS-STARTPTS"))
    if sound.speed != 1:
        # The filter blends whole pieces up to twice the tempo and would drop samples above.
        step = 2.0 if sound.speed > 1 else 0.5
        rest = sound.speed
        while not 0.5 <= rest <= 2:
            chain.append(graph.add("atempo", f"{step}"))
            rest /= step
        chain.append(graph.add("atempo", f"{rest:.6f}"))
    chain.append(graph.add("volume", f"{sound.volume:.4f}"))
    chain.append(graph.add("atrim", f"end={sound.until - sound.start:.4f}"))
    chain.append(graph.add("adelay", f"{round(sound.start * 1000)}:all=1"))
    # Counted anew: the filter leaves its silence out of the times it writes down.
    chain.append(graph.add("asetpts", "N/SR/TB"))
    _link(chain)
    return chain[-1]


def _link(chain: Sequence[FilterContext]) -> None:
    for before, after in pairwise(chain):
        before.link_to(after)


def _audio(spec: Mapping[str, Any], start: float, until: float) -> Sound:
    begin = number(spec.get("audioBegin"), 0.0)
    return Sound(
        src=str(spec.get("src") or "").strip(),
        start=start + number(spec.get("enter"), 0.0),
        until=min(start + number(spec.get("exit"), _FOREVER), until),
        begin=begin,
        end=max(number(spec.get("audioEnd"), _FOREVER), begin),
        volume=number(spec.get("volume"), 1.0),
        speed=number(spec.get("speed"), 1.0),
        is_clip=False,
    )


def _clip(visual: Visual, start: float, until: float) -> Sound | None:
    spec = visual.spec
    if visual.kind is not Kind.VIDEO or spec.get("hasAudio") is False:
        return None
    begin = number(spec.get("videoBegin"), 0.0)
    return Sound(
        src=str(spec.get("src") or "").strip(),
        start=start + visual.enter_begin,
        until=min(start + visual.exit_end, until),
        begin=begin,
        end=max(number(spec.get("videoEnd"), _FOREVER), begin),
        volume=number(spec.get("volume"), 1.0),
        speed=number(spec.get("speed"), 1.0),
        is_clip=True,
    )
