"""The seven nodes of an order's way (ux.md 3.2): plain values in, plain values out.

A node is done, under way, or still to come; a dispute, a late shipment or an early end
recolours the node it happens at. Nodes never disappear.
"""

from dataclasses import dataclass, replace

DONE, NOW, BRANCH, TODO = "done", "now", "branch", "todo"


@dataclass(frozen=True)
class Node:
    """One station: what it is called, a word about when, and whether it is behind us."""

    label: str
    detail: str = ""
    done: bool = False
    icon: str = ""


@dataclass(frozen=True)
class Trouble:
    """What recolours the node under way: a word and an icon."""

    detail: str
    icon: str = "triangle-alert"


def steps(nodes: list[Node], trouble: Trouble | None = None) -> list[dict]:
    """The nodes as the tracker draws them; the first one that is not done is under way."""
    here = next((place for place, node in enumerate(nodes) if not node.done), len(nodes))
    return [_step(node, place, here, trouble) for place, node in enumerate(nodes)]


def _step(node: Node, place: int, here: int, trouble: Trouble | None) -> dict:
    status = DONE if node.done else NOW if place == here else TODO
    if status == NOW and trouble:
        status, node = BRANCH, replace(node, detail=trouble.detail, icon=trouble.icon)
    return {
        "label": node.label,
        "detail": node.detail,
        "status": status,
        "icon": node.icon if status in {NOW, BRANCH} else "",
    }
