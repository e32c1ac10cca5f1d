"""How good an order is by people's judgments, and how sure that is: pure, without any model."""
