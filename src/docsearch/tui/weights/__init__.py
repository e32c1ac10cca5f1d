"""The panel that weighs what the order is made of."""
