"""From unreleased commits to a cut release: the living draft, its policy, its notes."""
