"""Django apps that every portal has, whatever its subjects."""
