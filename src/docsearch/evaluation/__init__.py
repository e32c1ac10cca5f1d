"""What measurements come to: how good an order is by judgments, how fast, how sure that is."""
