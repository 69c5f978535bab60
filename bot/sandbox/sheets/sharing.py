"""Who may do what with a file: the people and accounts it is shared with, and cells that are protected from some.

An account is known by a token from `/token` here, or by a bearer value that is an address (`Bearer ann@example.com`).
Whoever calls without saying who they are owns this machine, and may do what the owner may.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.wire import ApiError, Json, invalid

OWNER = "owner@sandbox.example"
_ROLES = ("reader", "commenter", "writer", "fileOrganizer", "organizer", "owner")
_PROTECTED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection "
    "if you need to edit."
)


@dataclass(frozen=True, slots=True)
class Caller:
    """An account's address; empty for whoever does not say."""

    address: str = ""

    @property
    def is_trusted(self) -> bool:
        return not self.address

    @property
    def is_robot(self) -> bool:
        """Whether it is a service account."""
        return self.address.endswith(".gserviceaccount.com")


ANYBODY = Caller()


def new_permissions(caller: Caller = ANYBODY) -> list[Json]:
    """A new file belongs to whoever makes it; one that nobody in particular made is open to all by its link."""
    address = caller.address or OWNER
    owner: Json = {
        "kind": "drive#permission",
        "id": "00000000000000000001",
        "type": "user",
        "role": "owner",
        "emailAddress": address,
        "displayName": address.partition("@")[0].capitalize(),
        "deleted": False,
        "pendingOwner": False,
    }
    by_link: Json = {
        "kind": "drive#permission",
        "id": "anyoneWithLink",
        "type": "anyone",
        "role": "writer",
        "allowFileDiscovery": False,
    }
    return [owner, by_link] if caller.is_trusted else [owner]


def role_of(permissions: list[Json], caller: Caller) -> str | None:
    """The strongest role the caller has; None when the file is not shared with it."""
    if caller.is_trusted:
        return "owner"
    found = [_ROLES.index(one["role"]) for one in permissions if _is_meant(one, caller)]
    return _ROLES[max(found)] if found else None


def _is_meant(permission: Json, caller: Caller) -> bool:
    address = caller.address.lower()
    match permission["type"]:
        case "anyone":
            return True
        case "domain":
            return address.endswith("@" + str(permission.get("domain", "")).lower())
        case _:
            return str(permission.get("emailAddress", "")).lower() == address


def may_write(role: str | None) -> bool:
    return role is not None and _ROLES.index(role) >= _ROLES.index("writer")


def let_in(permissions: list[Json], caller: Caller, *, writes: bool) -> None:
    """Raises ApiError (403) as Sheets does for a file that is not shared, or shared for reading only."""
    role = role_of(permissions, caller)
    if role is None or (writes and not may_write(role)):
        raise ApiError(403, "PERMISSION_DENIED", "The caller does not have permission")


def editors(permissions: list[Json]) -> list[str]:
    """Addresses of all who may edit the file."""
    return [one["emailAddress"] for one in permissions if "emailAddress" in one and may_write(one["role"])]


# ---------------------------------------------------------------- protected ranges

# Kept with a protection that names no editors: all who could edit the file were put in.
EVERYBODY = "everybody"
# A protected block, and the holes in it that are open to all.
Closed: TypeAlias = tuple[Rect, list[Rect]]


def may_edit(protection: Json, permissions: list[Json], caller: Caller) -> bool:
    """Whether a protection lets the caller edit what it covers; the file's owner always may."""
    if protection.get("warningOnly") or protection.get(EVERYBODY) or role_of(permissions, caller) == "owner":
        return True
    named = protection.get("editors", {})
    allowed = [*named.get("users", ()), *named.get("groups", ())]
    return caller.address.lower() in {str(one).lower() for one in allowed} or bool(
        named.get("domainUsersCanEdit") and _is_of_domain(permissions, caller)
    )


def _is_of_domain(permissions: list[Json], caller: Caller) -> bool:
    """Whether the caller's address is of the owner's domain."""
    owner = next((one["emailAddress"] for one in permissions if one["role"] == "owner"), "")
    return caller.address.rpartition("@")[2].lower() == str(owner).rpartition("@")[2].lower()


def with_editors(protection: Json, given: Json, permissions: list[Json], caller: Caller) -> Json:
    """A protection with those put in who may edit it, as the service does for one made or changed by `given`."""
    kept = {name: value for name, value in protection.items() if name != EVERYBODY}
    if "editors" not in given:
        names = editors(permissions)
        return {**kept, "editors": {"users": names} if names else {}, EVERYBODY: True}
    users = list(given["editors"].get("users", ()))
    if caller.address and caller.address.lower() not in {str(one).lower() for one in users}:
        users.append(caller.address)
    return {**kept, "editors": {**given["editors"], **({"users": users} if users else {})}}


def told_protection(protection: Json, permissions: list[Json], caller: Caller) -> Json:
    """A protection as this caller is told it: who else may edit is only for those who may."""
    shown = {name: value for name, value in protection.items() if name != EVERYBODY and value is not False}
    if may_edit(protection, permissions, caller):
        return {**shown, "requestingUserCanEdit": True}
    return {name: value for name, value in shown.items() if name not in {"editors", "requestingUserCanEdit"}}


def closed(
    protections: list[Json], size: tuple[int, int], permissions: list[Json], caller: Caller
) -> list[Closed]:
    """What of a tab is closed to the caller."""
    if caller.is_trusted:
        return []
    return [
        (
            _block(one.get("range", {}), size),
            [_block(hole, size) for hole in one.get("unprotectedRanges", ())],
        )
        for one in protections
        if not may_edit(one, permissions, caller)
    ]


def _block(spot: Json, size: tuple[int, int]) -> Rect:
    rows, columns = size
    return Rect(
        spot.get("startRowIndex", 0),
        spot.get("startColumnIndex", 0),
        spot.get("endRowIndex", rows),
        spot.get("endColumnIndex", columns),
    )


def refuse_closed(found: list[Closed], area: Rect) -> None:
    """Raises ApiError (400) where a write would reach a closed cell."""
    for block, holes in found:
        if block.meets(area) and any(
            not any(hole.top <= row < hole.bottom and hole.left <= column < hole.right for hole in holes)
            for row, column in _cells(block, area, bool(holes))
        ):
            raise invalid(_PROTECTED)


def _cells(block: Rect, area: Rect, each: bool) -> Iterator[tuple[int, int]]:
    """Cells both have; one of them will do where there are no holes."""
    for row in range(max(block.top, area.top), min(block.bottom, area.bottom)):
        for column in range(max(block.left, area.left), min(block.right, area.right)):
            yield row, column
            if not each:
                return
