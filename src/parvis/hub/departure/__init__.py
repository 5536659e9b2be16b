"""The whole instance as open files that are read without Parvis: datasets, tables of every room, pages, media, a way to browse them."""
