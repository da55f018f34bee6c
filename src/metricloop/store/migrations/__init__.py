"""Every change of the tables, in order. A migration never imports live code: it must stay true when that changes."""
