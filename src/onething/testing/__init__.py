"""What authors of services test with: public, part of the product."""
