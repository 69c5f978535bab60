"""Media: links in rows, what is behind them, and whether it may be asked for at all."""
