"""The pure core: no disk, clock, process or terminal."""
