"""The drawn state machines are those of the code."""

from workflow.management.commands.draw_machines import PAGE, page


def test_the_drawn_machines_are_those_the_code_runs():
    assert PAGE.read_text(encoding="utf-8") == page()


def test_a_shipment_is_drawn_with_each_of_its_arrows():
    drawn = page().split("## orders.Shipment\n")[1].split("\n## ")[0]
    arrows = [line.strip() for line in drawn.splitlines() if " --> " in line]
    assert arrows == [
        "[*] --> draft",
        "delivered --> accepted: accept_lot",
        "draft --> rejected: discard",
        "draft --> submitted: submit",
        "submitted --> rejected: reject_doc",
        "submitted --> verified: verify",
        "verified --> delivered: deliver",
        "verified --> rejected: reject_doc",
    ]
