"""The shortest evacuation by bus: days, prices, proof."""
