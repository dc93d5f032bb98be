"""jiandu (监督网): the working platform of a city's supervision net."""
