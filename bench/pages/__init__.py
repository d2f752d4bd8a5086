"""How long each page takes on a large world, and by which plans its rows are found."""
