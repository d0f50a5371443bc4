"""The demo: a living site, made by playing some sixty trades through the real operations.

How it is made, and why so:

* Nothing is set by hand. Every trade is a story (`before`, `held`, `ends`, `quarrels`, `small`)
  that calls the same operations as the pages, the bank statement and the clock do.
* Stories are generators that yield the instant at which they go on. `clockwork` plays them all
  together in the order of time, and fires each time limit at its own instant. So codes, notices
  and the ledger are in the order in which things would have happened.
* It is one transaction: the demo is there as a whole or not at all, and no worker that runs
  beside it can meet a half-told past. Whether it is there is told by its people.
* Notices are written while the clock stands at their event. Letters of this past are not mailed:
  their rows are marked as done. Whatever else the outbox owes (the sealed PDFs, above all) stays
  owed and is done by the worker.
"""
