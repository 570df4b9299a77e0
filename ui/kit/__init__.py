"""What every component in the browser shares, one of each: mount, elements, styles, events, numbers, palette."""
