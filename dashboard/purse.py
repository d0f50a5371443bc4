"""Where a company's money is: the strip of figures on the home page (payments.purse)."""

from payments.purse import Figure, short_strip

__all__ = ["Figure", "strip"]

strip = short_strip
