"""Steps that prepare a table without code: columns, texts, values, rows, shapes, places, other tables. One row a step."""
