"""One repository per port: nouns in, nouns out, inside the transaction of the unit of work that made it."""
