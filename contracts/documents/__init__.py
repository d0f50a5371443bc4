"""Documents that people keep: drawn from HTML, sealed, and checked again years later."""
