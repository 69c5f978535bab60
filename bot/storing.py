"""Picks what copies finished videos: settings in, couriers and their desk out."""

from __future__ import annotations

from dataclasses import dataclass

from bot.adapters.downloads import Parts, WebDownloads
from bot.adapters.folder_storage import FolderStorage
from bot.adapters.s3_storage import Bucket, NotInstalledError, S3Storage
from bot.domain.media.reach import PUBLIC, WITH_PRIVATE
from bot.planner.delivering import DeliveryPolicy
from bot.ports import Clock, Storage
from bot.reconciler.couriers import Couriers, Van
from bot.reconciler.delivery_desk import DeliveryDesk
from bot.reconciler.meter import Meter
from bot.secret_files import SettingsError
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Whoever copies videos and looks at links, and the desk that sends them."""

    desk: DeliveryDesk
    couriers: Couriers | None
    """None where nothing is copied and no link is looked at."""

    def close(self) -> None:
        """Nothing more is begun."""
        if self.couriers is not None:
            self.couriers.close()


def storage_of(settings: Settings) -> Storage | None:
    """Where copies go, if they go anywhere. Raises SettingsError; asks nobody."""
    said = settings.delivery
    if said.to == "folder" and said.folder is not None:
        return FolderStorage(settings.folder / said.folder)
    if said.to != "s3":
        return None
    try:
        return S3Storage(
            Bucket(said.bucket, said.prefix.strip("/"), said.endpoint, said.region, settings.bucket_key())
        )
    except NotInstalledError as error:
        raise SettingsError(str(error)) from None


def deliveries_of(settings: Settings, clock: Clock, meter: Meter) -> Deliveries:
    """The desk and its couriers. Raises SettingsError where they cannot work as the settings say."""
    said = settings.delivery
    storage = storage_of(settings)
    policy = DeliveryPolicy(
        said.name,
        copies=storage is not None,
        storage=storage.label if storage is not None else "",
        public_url=said.public_url,
        look_seconds=said.look_days * 86_400,
    )
    if storage is None and not said.look_days:
        return Deliveries(DeliveryDesk(clock, None, policy), None)
    own = [one for one in (settings.zvid.base_url, said.public_url) if one]
    downloads = WebDownloads(
        clock,
        timeout_seconds=said.timeout_minutes * 60,
        own=own,
        reach=WITH_PRIVATE if settings.media.allow_private else PUBLIC,
    )
    parts = Parts(settings.journal_path.parent / "parts")
    parts.sweep(clock.now())
    van = Van(
        downloads,
        storage,
        parts,
        said.public_url,
        round(said.max_mb * 1_000_000),
        looks=said.look_days > 0,
    )
    couriers = Couriers(van.carry_out)
    return Deliveries(DeliveryDesk(clock, couriers, policy, meter), couriers)
