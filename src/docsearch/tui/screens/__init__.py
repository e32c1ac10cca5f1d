"""What arranges the regions and routes between them."""
