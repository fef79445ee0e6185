"""What pages show of services: plain values for the components, made from rows that were already read."""
