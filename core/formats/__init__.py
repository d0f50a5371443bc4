"""How values look to people: amounts, days and instants in words, and the geometry of pictures."""
