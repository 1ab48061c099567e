"""Plans that shift money: what they cost, whom they staff, what research says they change."""
